Feature: Recovery after a crash
  A kill inside a write leaves the first bytes of a row that nobody was told of. They are put away, never
  thrown away, and no other byte is touched.

  Background:
    Given the ledger of a run

  Rule: The next command that opens the ledger puts a torn write away

    Example: The end of a file
      Given a kill tore the last write to "windows.jsonl"
      When I run "experiment preview"
      Then it ends with exit code 0
      And the torn bytes are in the quarantine
      And the ledger's files are as they were, but for:
        | anomalies.jsonl |

    @spawn
    Example: A process killed in the middle of a write
      Given a writer of large rows was killed with SIGKILL in the middle of a write
      When I run "experiment preview"
      Then it ends with exit code 0
      And the torn bytes are in the quarantine
      And the anomaly "torn-tail" is on record

    Example: It is on record
      Given a kill tore the last write to "windows.jsonl"
      And "experiment preview" has been run
      When I run "experiment ledger verify"
      Then it ends with exit code 0
      And it prints each of:
        | Anomalies on record: 1 (see anomalies.jsonl) |
        | torn-tail: windows.jsonl                     |

    Example: It is on record once
      Given a kill tore the last write to "windows.jsonl"
      And "experiment preview" has been run
      When I run "experiment preview"
      Then it ends with exit code 0
      And the anomalies on record are:
        | KIND      | WINDOW | TOUCHES       |
        | torn-tail |        | windows.jsonl |

    Example: A last row that was changed is no torn write
      Given "experiment backlog ready search" has been run
      And the file "backlog.jsonl" has "a flipped bit in its first row"
      And "experiment preview" has been run
      When I run "experiment ledger verify"
      Then it ends with exit code 0
      And it prints "they end as a row does: a row was changed after it was written"

  Rule: Verification only tells

    Example: A torn write is no damage
      Given a kill tore the last write to "windows.jsonl"
      And the ledger is looked at
      When I run "experiment ledger verify"
      Then it ends with exit code 0
      And it prints "note (torn-tail)"
      And the ledger is as it was

    Example: A last row that was changed is damage, and is put away when the ledger is opened
      Given "experiment backlog ready search" has been run
      And the file "backlog.jsonl" has "a flipped bit in its first row"
      When I run "experiment ledger verify"
      Then it ends with exit code 6
      And it prints each of:
        | damage (changed-last-row)                                        |
        | the next command that opens the ledger moves them to quarantine/ |
      And the ledger is as it was

    @slow
    Example: So is a last row of 100 MB
      Given the file "windows.jsonl" has "a last row of 100 MB"
      When I run "experiment ledger verify"
      Then it ends with exit code 6
      And it prints "the next command that opens the ledger moves them to quarantine/"
      And the ledger is as it was

  Rule: Only the end of a file is ever mended

    Scenario Outline: <DAMAGE> stays where it is
      Given the file "windows.jsonl" has "<DAMAGE>"
      When I run "experiment preview"
      Then it ends with exit code 6
      And it says "<TOLD>" on stderr
      And the ledger is as it was

      Examples:
        | DAMAGE                                             | TOLD                                         |
        | a line before the last that is no row              | experiment ledger verify --full              |
        | a first row with another hash                      | these bytes are no row. Nothing was changed. |
        | a first row that is gone                           | but the segment ends before it               |
        | a last row whose hash is right and that is no JSON | expected a row that is JSON                  |
        | a row before the last whose hash is right and that is no JSON | experiment ledger verify --full |
