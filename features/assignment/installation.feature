Feature: Installation
  The program starts at once in a clone, and an old Node is refused in one sentence.

  Rule: In a clone, npx runs the program that npm ci has built

    @spawn
    Example: An empty npm cache stays without a package
      Given an empty npm cache
      When I run "npx experiment --version" in the clone
      Then it ends with exit code 0
      And it prints the version in package.json
      And npm's cache holds no package

  Rule: The package has a second name, which no other package has

    @spawn @slow
    Example: The packed program, installed globally
      Given the packed program is installed globally
      When I run "counterbalance --version" in the clone
      Then it ends with exit code 0
      And it prints the version in package.json

  Rule: The package works where nothing else is

    @spawn @slow
    Scenario Outline: The rehearsal from the tarball on Node <MAJOR>, without git configuration
      Given the tarball is installed in an empty folder
      And a home without git configuration, and Node <MAJOR> as the first one in the PATH
      When I run "npx --no counterbalance run --seed 42" in the folder of the tarball
      Then it ends with exit code 0
      And its report says that Node <MAJOR> ran it

      Examples:
        | MAJOR |
        | 24    |
        | 26    |

    @spawn @slow
    Example: What it takes and names
      Given the tarball is installed in an empty folder
      Then the installed packages take at most 150 MB, and name the licences of "vega, vega-lite, commander" and of every dependency

    @spawn @slow
    Example: A typed program that uses the package
      Given the tarball is installed in an empty folder
      When a program there imports every entry with its types
      Then it ends with exit code 0
      And the output is:
        """
        function function function
        """

  Rule: The program needs Node 24

    @spawn
    Example: The oldest Node that package.json allows
      When I start the built program on the oldest Node that package.json allows
      Then it ends with exit code 0
      And it prints the version in package.json

    @spawn
    Example: An older Node
      When I start the built program on Node 23.11.1
      Then it ends with exit code 2
      And it says "expected Node 24 or later, got Node 23.11.1." on stderr
