Feature: The answer
  People ask which provider is cheaper, and whether it is as good. Everything that shows an experiment begins with
  the answer, and says what it would take to decide.

  Rule: A run ends with the answer

    Example: The rehearsal is too short to decide
      Given the rehearsal has been run
      When I run "experiment run --seed 42"
      Then it ends with exit code 0
      And it prints "Is small cheaper than large, and as good? Can't tell yet: about 51 more tasks"
      And it prints "What next: The rehearsal ends here. Compare your own agents: experiment init"
      And it prints the path of a report that exists

    Example: It fits half a screen
      Given the rehearsal has been run
      When I run "experiment run --seed 42"
      Then it ends with exit code 0
      And it prints at most 12 lines of at most 80 columns

    Scenario Outline: It answers what people ask
      Given the rehearsal has been run
      When I run "experiment run --seed 42"
      Then it ends with exit code 0
      And its first screen answers "<QUESTION>"

      Examples:
        | QUESTION          |
        | Which is cheaper? |
        | By how much?      |
        | Is it as good?    |
        | What is missing?  |
        | What next?        |

    @slow
    Example: Three candidates
      Given an experiment of the whole bank with the providers "one, two, three, four"
      And its file has:
        | tasks.include | [lru-cache] |
      When I run "experiment run --seed 42"
      Then it ends with exit code 0
      And it prints at most 12 lines of at most 80 columns
      And it prints "+2 candidates more, see the report: "

  Rule: Its commands work when they are pasted

    Scenario Outline: After <COMMAND>, with options that were given
      Given a small experiment
      When I run "experiment run --data-dir my\ data --overall-token-budget 900000"
      And I run "experiment <COMMAND> --data-dir my\ data"
      Then it ends with exit code 0
      And its answer says "then: experiment run --seed 1 --data-dir 'my data' --overall-token-budget 900000 --extend "
      And that command, pasted, ends with exit code 0

      Examples:
        | COMMAND       |
        | run           |
        | preview       |
        | report --json |

  Rule: A preview begins with the answer

    Scenario Outline: It answers what people ask
      Given the rehearsal has been run
      When I run "experiment preview"
      Then it ends with exit code 0
      And its first screen answers "<QUESTION>"

      Examples:
        | QUESTION          |
        | Which is cheaper? |
        | By how much?      |
        | Is it as good?    |
        | What is missing?  |
        | What next?        |

    Example: Nothing has been run
      Given a small experiment
      And it has been run with "--command-budget /implement=0"
      Then its answer is "Is second cheaper than first, and as good? Can't tell yet: no task is complete with both."

  Rule: The answer says what keeps it from being given

    @slow
    Example: The baseline against itself
      Given a small experiment
      When it is run with "--aa"
      Then it ends with exit code 0
      And its answer is "first-again is first under another name: too few tasks to find a difference in cost."

    Example: Neither solved a task
      Given a small experiment whose upstream says that there is nothing to do
      When I run "experiment run"
      Then it ends with exit code 0
      And its answer is "Is second cheaper than first, and as good? Can't tell yet: neither solved a task."
      And it prints "Missing or wrong: Neither solved a task: the tasks may be too hard or their"
      And it prints "What next: See whether the tasks can be solved: experiment task check"

    Example: Vendors count tokens differently
      Given an experiment of two vendors' models, "dear" and "cheap"
      When it is run with "--seed 42"
      Then it ends with exit code 0
      And its answer is "Is second cheaper than first, and as good? Can't tell yet: their costs can't be compared."
      And it prints "What next: Give every model a price, so that dollars are compared"

    Example: Manual windows without a baseline
      Given 3 features have manual windows
      When I run "experiment preview --experiment manual"
      Then it ends with exit code 0
      And it prints "Nothing is compared yet: no provider is named as the baseline."

    Example: Manual windows
      Given 3 features have manual windows, with "one" as the baseline
      When I run "experiment preview --experiment manual"
      Then it ends with exit code 0
      And it prints "Is two cheaper than one, and as good? Can't tell yet: about "
      And it prints ": work each with both providers"
