Feature: Resuming
  A crash, a Ctrl-C or a kill at any moment loses no finished row. The run continues from the ledger
  alone, and no killed process survives.

  Rule: A killed run continues where it was

    @spawn
    Scenario Outline: Killed <WHEN>
      Given a slow experiment of two windows
      And a run of it in a process of its own, killed <WHEN>
      When I run "experiment run --resume"
      Then the assignment is what the plan says
      And the rows of "window_finalized" are:
        | window |
        | W0-01  |
        | W0-02  |
      And every token that an attempt spent is recorded
      And no process of the run is alive

      Examples:
        | WHEN                     |
        | while the work is graded |

      @slow
      Examples:
        | WHEN                          |
        | before anything is registered |
        | while the agent works         |
        | between two windows           |

    @spawn @slow
    Example: The killed attempt is recorded as interrupted
      Given a slow experiment of two windows
      And a run of it in a process of its own, killed while the agent works
      When I run "experiment run --resume"
      Then the attempt 1 of "W0-01" ends as "interrupted" with the tokens it had spent
      And "W0-01" is final at its attempt 2, which shows those tokens separately, and whose connections the report does not know
      And it says "Ended what an earlier run had left open: W0-01" on stderr

    @spawn @slow
    Example: An agent that outlived its harness is stopped
      Given a "claude" on the PATH that asks the model and falls silent
      And an experiment of "lru-cache" where "claude-code" goes first and "builtin-agent" second
      And a run of it in a process of its own, killed while the agent works
      And 10 minutes pass after the next answer, and 5 without a sign are too many
      When I run "experiment run --resume"
      Then the attempt 1 of "W0-01" ends as "interrupted" with the tokens it had spent
      And no process of the run is alive

  Rule: A begun experiment continues only on request

    @spawn @slow
    Example: Without --resume
      Given a slow experiment of two windows
      And a run of it in a process of its own, killed between two windows
      When I run "experiment run"
      Then it ends with exit code 2
      And it says "1 of 2 windows are final. To continue it, add --resume." on stderr
      And the ledger is unchanged

    Example: It is complete
      Given a finished experiment of two windows
      When I run "experiment run"
      Then it ends with exit code 0
      And the preview prints "2 of 2 done"
      And the ledger is unchanged

    @slow
    Example: It is complete, and --resume is given
      Given a finished experiment of two windows
      When I run "experiment run --resume"
      Then it ends with exit code 0
      And the preview prints "2 of 2 done"
      And the ledger is unchanged

  Rule: --resume never begins an experiment

    Example: In an empty folder
      Given a small experiment
      When I run "experiment run --resume"
      Then it ends with exit code 2
      And it says "--resume: expected a begun experiment in" on stderr
      And nothing is written

    Scenario Outline: In a ledger of other work, with <OPTIONS>
      Given a small experiment
      And "experiment backlog ready search" has ended with exit code 0
      When I run "experiment run <OPTIONS>"
      Then it ends with exit code 2
      And it says "<OPTION>: expected an experiment of this ledger, got a ledger without one." on stderr
      And it says "To begin a new experiment, leave <OPTION> out." on stderr
      And the ledger has 0 rows of "experiments"

      Examples:
        | OPTIONS            | OPTION          |
        | --resume           | --resume        |
        | --retry-missing    | --retry-missing |
        | --resume --dry-run | --resume        |

    Example: In an empty ledger folder
      Given a small experiment
      And the folder ".experiment/ledger" is made
      When I run "experiment run --resume"
      Then it ends with exit code 2
      And the ledger has 0 rows of "experiments"

    @spawn
    Example: With another seed than the run that was killed before it registered anything
      Given a slow experiment of two windows
      And a run of it in a process of its own, killed before anything is registered
      When I run "experiment run --resume --seed 43"
      Then it ends with exit code 2

    Scenario Outline: With another seed, and <OPTIONS>
      Given a finished experiment of two windows
      When I run "experiment run <OPTIONS> --seed 43"
      Then it ends with exit code 2
      And it says "To continue" on stderr
      And it says ": undo the change of seed." on stderr
      And the ledger is unchanged

      Examples:
        | OPTIONS                  |
        | --resume                 |
        | --retry-missing          |
        | --resume --dry-run       |
        | --resume --list-commands |

    Example: With another question
      Given a finished experiment of two windows
      And its file has "rate-limiter" for "lru-cache"
      When I run "experiment run --resume"
      Then it ends with exit code 2
      And it says ": undo the change of the task lru-cache, the task rate-limiter." on stderr
      And the ledger is unchanged

    Scenario Outline: An experiment that began under another rule of quality, with <OPTION>
      Given an experiment that began when quality was the share of all scenarios
      When I run "experiment run <OPTION>"
      Then it ends with exit code 2
      And it says "began when quality was the share of all scenarios" on stderr
      And it says "Finish it with the version that began it, or begin a new experiment." on stderr
      And the ledger is unchanged

      Examples:
        | OPTION                |
        | --resume              |
        | --extend ffffffffffff |
