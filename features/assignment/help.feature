Feature: Help
  Every command says what it does, with examples that can be typed.

  Rule: Each command has examples

    Scenario Outline: experiment <COMMAND> --help
      When I run "experiment <COMMAND> --help"
      Then it ends with exit code 0
      And it prints "Usage: experiment <COMMAND>"
      And it prints examples that this command accepts

      Examples:
        | COMMAND    |
        | run        |
        | plan       |
        | preview    |
        | report     |
        | init       |
        | clean      |
        | task list  |
        | task check |

    Example: The program as a whole
      When I run "experiment --help"
      Then it ends with exit code 0
      And it prints each of:
        | run            |
        | plan           |
        | preview        |
        | report         |
        | task           |
        | init           |
        | clean          |
        | Examples:      |
        | Exit codes: 0  |

    Example: No command at all
      When I run "experiment"
      Then it ends with exit code 2
      And it says "Usage: experiment [options] [command]" on stderr
      And nothing is written

  Rule: The version is that of the package

    Example: --version
      When I run "experiment --version"
      Then it ends with exit code 0
      And it prints the version in package.json
