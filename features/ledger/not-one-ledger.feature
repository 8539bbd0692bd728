Feature: Folders that hold more than one ledger, and clocks that jump
  Rows of two ledgers are never mixed up, and the order of rows is the order of writing, whatever the clock
  says.

  Rule: Commands refuse a file of another ledger

    Scenario Outline: "<COMMAND>" refuses
      Given the ledger of a run
      And the file "backlog.jsonl" of another ledger lies in it
      When I run "experiment <COMMAND>"
      Then it ends with exit code 6
      And it says "<TOLD>" on stderr
      And the ledger is unchanged

      Examples:
        | COMMAND                        | TOLD                                         |
        | backlog ready search           | rows are missing, moved or of another ledger |
        | ledger checkpoint              | rows are missing, moved or of another ledger |
        | ledger export --to csv --out t | rows are missing, moved or of another ledger |

  Rule: A clock that jumps back loses no row

    Example: A reading after the jump
      Given the ledger of a run
      And a feature was added when the clock was an hour ahead
      When codex is read before "W0-07" at "10:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      Then it ends with exit code 0
      And the ledger has 5 rows of "snapshot_taken"
      And the ledger is verified as whole

    Example: The preview counts the jump
      Given the ledger of a run
      And a feature was added when the clock was an hour ahead
      And "experiment backlog ready late" has been run
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints "Anomalies: 1 ("
