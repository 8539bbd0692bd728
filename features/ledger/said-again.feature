Feature: Repeated commands
  A user can safely repeat a command, for example if its success is unknown. Existing data are reported as
  existing, and nothing is written.

  Background:
    Given codex was read before "W0-07" at "10:00":
      | METER | SHOWN    | RESETS |
      | 5h    | 11% used | 13:01  |

  Rule: A reading is written once

    Example: A typed reading
      Given "experiment override --window W0-07 --phase before --meter weekly --used 17 --resets-at 2025-10-25T21:11:00Z" has been run
      And the ledger is read
      When I run "experiment override --window W0-07 --phase before --meter weekly --used 17 --resets-at 2025-10-25T21:11:00Z"
      Then it ends with exit code 0
      And it prints "the same is there already; nothing was written"
      And it prints "note: typed:weekly" once
      And the ledger is unchanged

    Example: A reading that is corrected back to an earlier value
      Given "experiment override --window W0-07 --phase before --meter 5h --used 12 --resets-at 2025-10-19T13:01:00Z" has been run
      And "experiment override --window W0-07 --phase before --meter 5h --used 13 --resets-at 2025-10-19T13:01:00Z" has been run
      And "experiment override --window W0-07 --phase before --meter 5h --used 14 --resets-at 2025-10-19T13:01:00Z" has been run
      When I run "experiment override --window W0-07 --phase before --meter 5h --used 12 --resets-at 2025-10-19T13:01:00Z"
      Then it ends with exit code 0
      And it does not print "the same is there already"
      And the readings of "W0-07" say:
        | METER | BEFORE | AFTER | DELTA | FLAG          |
        | 5h    | 12     |       | null  | meter-missing |

    Example: A crossing capture
      Given codex was read cross "W0-08" at "11:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 17% used | 13:01  |
      When codex is read cross "W0-08" at "11:05":
        | METER | SHOWN    | RESETS |
        | 5h    | 17% used | 13:01  |
      Then it ends with exit code 0
      And it prints each of:
        | W0-07 (codex) after: the same is there already; nothing was written.  |
        | W0-08 (codex) before: the same is there already; nothing was written. |
      And the ledger is unchanged

    Example: A breach that is already an anomaly
      Given codex was read after "W0-07" at "11:00":
        | METER | SHOWN   | RESETS |
        | 5h    | 4% used | 13:01  |
      When codex is read after "W0-07" at "11:05":
        | METER | SHOWN   | RESETS |
        | 5h    | 4% used | 13:01  |
      Then it ends with exit code 0
      And it prints "anomaly: negative-delta (5h)"
      And the ledger is unchanged

    @spawn
    Example: Two processes of one agent at once
      When 2 processes of "agent-1" hand in the same pane before "W0-08" at once
      Then they end with exit codes "0, 0"
      And the ledger has 2 rows of "snapshot_taken"

  Rule: A window's churn and its end are written once

    Example: Churn
      Given a repository with two commits
      And "experiment churn --window W0-07 --repo project --commit-start HEAD~1 --commit-end HEAD" has been run
      And the ledger is read
      When I run "experiment churn --window W0-07 --repo project --commit-start HEAD~1 --commit-end HEAD"
      Then it prints "The same is there already; nothing was written."
      And the ledger is unchanged

    Example: A correction
      Given the window "W0-07" was completed with "--feature lru-cache --outcome fail --quality 0.1"
      And the window "W0-07" was completed with "--feature lru-cache --outcome partial --quality 0.5"
      When I run "experiment complete --window W0-07 --feature lru-cache --outcome partial --quality 0.5"
      Then it prints "the same is there already; nothing was written"
      And the ledger is unchanged

    Example: An earlier value can be given again, and corrects the correction
      Given the window "W0-07" was completed with "--feature lru-cache --outcome fail --quality 0.1"
      And the window "W0-07" was completed with "--feature lru-cache --outcome partial --quality 0.5"
      When I run "experiment complete --window W0-07 --feature lru-cache --outcome fail --quality 0.1"
      Then it prints "complete; it corrects"
      And the existing files are unchanged
