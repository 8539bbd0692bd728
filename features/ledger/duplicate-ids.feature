Feature: Rows that have the id of another row
  An id names one row. If two rows have the same id, the first one counts and the second one enters no
  figure. Both are reported, because it is unknown which one is true.

  Background:
    Given the ledger of a run

  Rule: Verification finds them in every file

    Example: In one file
      Given the file "windows.jsonl" has "a last row again with the same id and other content"
      When I run "experiment ledger verify"
      Then it ends with exit code 6
      And it prints "damage (duplicate-id)"
      And it prints "of the row at windows, segment 1"
      And the ledger is unchanged

    Example: In two files
      Given a row of "churn" has the id of the first row of "windows"
      When I run "experiment ledger verify"
      Then it ends with exit code 6
      And it prints each of:
        | churn.jsonl, line 3                      |
        | damage (duplicate-id)                    |
        | of the row at windows, segment 1, byte 0 |
      And the ledger is unchanged

    Example: A ledger with them gets no decision
      Given a row of "churn" has the id of the first row of "windows"
      When I run "experiment gate"
      Then it ends with exit code 6
      And it says "expected a whole ledger to open a gate" on stderr
      And the ledger is unchanged

  Rule: Preview and report count them, name them and mark the affected figures

    Example: The preview, for two rows of one file
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
      And the ledger is unchanged

    Example: The preview, for two rows of two files
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
      And the report says "Rows with the id of another row enter no figure:"

    Example: A row that is submitted again is not a second row
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints "Anomalies: 0"
      And it does not print "Duplicate ids"
