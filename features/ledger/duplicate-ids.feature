Feature: Rows that have the id of another row
  An id names one row. Of two rows with one id the first that is read counts, the other enters no figure,
  and both are told of: nobody can say which of them is the true one.

  Background:
    Given the ledger of a run

  Rule: Verification finds them in whatever files they stand

    Example: In one file
      Given the file "windows.jsonl" has "a last row again with the same id and other content"
      When I run "experiment ledger verify"
      Then it ends with exit code 6
      And it prints "damage (duplicate-id)"
      And it prints "of the row at windows, segment 1"
      And the ledger is as it was

    Example: In two files
      Given a row of "churn" has the id of the first row of "windows"
      When I run "experiment ledger verify"
      Then it ends with exit code 6
      And it prints each of:
        | churn.jsonl, line 3                      |
        | damage (duplicate-id)                    |
        | of the row at windows, segment 1, byte 0 |
      And the ledger is as it was

    Example: Nothing is decided on them
      Given a row of "churn" has the id of the first row of "windows"
      When I run "experiment gate"
      Then it ends with exit code 6
      And it says "expected a whole ledger to open a gate" on stderr
      And the ledger is as it was

  Rule: What reads them counts and names them, and marks what they touch

    Example: The preview, of two rows of one file
      Given the file "windows.jsonl" has "a last row again with the same id and other content"
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints each of:
        | Anomalies: 1                                                     |
        | Duplicate ids: 1 (window_finalized 1), the row read first counts |
      And the preview's lines carry these marks:
        | LINE      | MARKS |
        | Outcomes: | †1    |
        | first 0   | †1    |
        | second 0  |       |
      And the ledger is as it was

    Example: The preview, of two rows of two files
      Given a row of "churn" has the id of the first row of "windows"
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints "Duplicate ids: 1 (moon_phase 1), the row read first counts"
      And the preview's lines carry these marks:
        | LINE      | MARKS |
        | Outcomes: | †1    |

    Example: The report
      Given the file "windows.jsonl" has "a last row again with the same id and other content"
      When I run "experiment report"
      Then it ends with exit code 0
      And the report says "duplicate-id"
      And the report says "Rows with the id of another row enter nowhere:"

    Example: A row that is handed in again is no other row
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints "Anomalies: 0"
      And it does not print "Duplicate ids"
