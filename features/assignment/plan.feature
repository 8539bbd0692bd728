Feature: The plan
  The seed draws which provider gets a task first. The plan shows the schedule before anything is spent,
  and freezes it.

  Rule: The seed gives the same schedule on every machine

    Example: The rehearsal's schedule
      When I run "experiment plan --seed 42"
      Then it ends with exit code 0
      And it prints the lines:
        """
        WINDOW  FEATURE        BLOCK    SEQUENCE  PERIOD  PROVIDER  COMMAND                   TOKENS MAX
        W0-01   room-bookings  small 2  BA        1       small     /implement room-bookings  120000
        W0-02   room-bookings  small 2  BA        2       large     /implement room-bookings  120000
        W0-03   lru-cache      small 1  AB        1       large     /implement lru-cache      120000
        W0-04   lru-cache      small 1  AB        2       small     /implement lru-cache      120000
        W0-05   rate-limiter   small 2  AB        1       large     /implement rate-limiter   120000
        W0-06   rate-limiter   small 2  AB        2       small     /implement rate-limiter   120000
        W0-07   csv-records    small 1  BA        1       small     /implement csv-records    120000
        W0-08   csv-records    small 1  BA        2       large     /implement csv-records    120000

        Balance: AB 2, BA 2
        """

    Example: The same seed gives the same plan
      Given what "experiment plan --seed 7" prints
      When I run "experiment plan --seed 7"
      Then it ends with exit code 0
      And it prints the same as before

    Example: Another seed gives another plan
      Given what "experiment plan --seed 7" prints
      When I run "experiment plan --seed 8"
      Then it ends with exit code 0
      And it prints another schedule than before

    Scenario Outline: The orders are balanced whatever the seed is
      When I run "experiment plan --seed <SEED>"
      Then it ends with exit code 0
      And it prints "Balance: AB 2, BA 2"

      Examples:
        | SEED       |
        | 1          |
        | 2026-11-21 |
        | a\ word    |

  Rule: A plan shows each budget and its origin

    Example: Budgets of every source
      Given a small experiment
      And its file says "budgets: { basis: all, commands: { /implement: { tokens: 90000 } } }"
      And the variable COUNTERBALANCE_OVERALL_TOKEN_BUDGET is "300000"
      When I run "experiment plan --budget-enforcement-mode warn"
      Then it ends with exit code 0
      And it prints the lines:
        """
        BUDGET      VALUE                FROM
        mode        warn                 command line
        basis       all                  file experiment.yaml
        type        mixed                default
        cut         none                 default
        bars        yes                  default
        period      none                 default
        overall     300000 tokens (all)  environment COUNTERBALANCE_OVERALL_TOKEN_BUDGET
        /implement  90000 tokens (all)   file experiment.yaml
        """

    Example: Command lines, without the keys that only a run creates
      When I run "experiment plan --seed 42"
      Then it ends with exit code 0
      And it prints each of:
        | --model scripted-large --prompt-file <home>/prompt.md |
        | --model scripted-small --prompt-file <home>/prompt.md |
        | ANTHROPIC_BASE_URL=http://127.0.0.1:<port>/w/<key>    |
        | ANTHROPIC_API_KEY=<key>                               |

    Example: An agent that is not installed
      Given no program at all on the PATH
      And an experiment of "lru-cache" with two "claude-code" providers on a scripted model
      When I run "experiment plan"
      Then it ends with exit code 0
      And it prints 'one: the command "claude", which is in no folder of PATH. Install it with: npm install --global'

  Rule: A plan runs and writes nothing

    Scenario Outline: <COMMAND>
      When I run "<COMMAND> --seed 42 --workspace-root work"
      Then it ends with exit code 0
      And nothing is written
      And "work" does not exist

      Examples:
        | COMMAND                  |
        | experiment plan          |
        | experiment plan --json   |
        | experiment run --dry-run |

    Example: A dry run is the plan
      Given what "experiment plan --seed 42" prints
      When I run "experiment run --seed 42 --dry-run"
      Then it ends with exit code 0
      And it prints the same as before

  Rule: A run does what the plan shows

    Example: The rehearsal
      Given the rehearsal has been run
      When I run "experiment plan --seed 42 --json"
      Then it ends with exit code 0
      And the assignments in the ledger are those of the plan, and so are its windows
