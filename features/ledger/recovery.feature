Feature: Recovery after a crash
  A kill during a write leaves part of a row that was never acknowledged. That part is moved to quarantine,
  never deleted, and no other byte changes.

  Background:
    Given the ledger of a run

  Rule: The next command that opens the ledger moves a torn write to quarantine

    Example: The end of a file
      Given a kill tore the last write to "windows.jsonl"
      When I run "experiment preview"
      Then it ends with exit code 0
      And the torn bytes are in the quarantine
      And the ledger's files are unchanged, except for:
        | anomalies.jsonl |

    @spawn
    Example: A process killed in the middle of a write
      Given a writer of large rows was killed with SIGKILL in the middle of a write
      When I run "experiment preview"
      Then it ends with exit code 0
      And the torn bytes are in the quarantine
      And one row of "anomalies" has:
        | kind | torn-tail |

    Example: The move is on record
      Given a kill tore the last write to "windows.jsonl"
      And "experiment preview" has been run
      When I run "experiment ledger verify"
      Then it ends with exit code 0
      And it prints each of:
        | Anomalies on record: 1 (see anomalies.jsonl) |
        | torn-tail: windows.jsonl                     |

    Example: The move is on record once
      Given a kill tore the last write to "windows.jsonl"
      And "experiment preview" has been run
      When I run "experiment preview"
      Then it ends with exit code 0
      And the anomalies on record are:
        | KIND      | WINDOW | TOUCHES       |
        | torn-tail |        | windows.jsonl |

  Rule: Verification only reports

    Example: A torn write is not damage
      Given a kill tore the last write to "windows.jsonl"
      And the ledger is read
      When I run "experiment ledger verify"
      Then it ends with exit code 0
      And it prints "note (torn-tail)"
      And the ledger is unchanged

    Example: A changed last row is damage
      Given "experiment backlog ready search" has been run
      And the file "backlog.jsonl" has "a flipped bit in its first row"
      When I run "experiment ledger verify"
      Then it ends with exit code 6
      And it prints "damage (no-row)"
      And the ledger is unchanged

    @slow
    Example: A last row of 100 MB is damage too
      Given the file "windows.jsonl" has "a last row of 100 MB"
      When I run "experiment ledger verify"
      Then it ends with exit code 6
      And it prints "damage (no-row)"
      And the ledger is unchanged

  Rule: Only the end of a file is ever repaired

    Scenario Outline: <DAMAGE> stays where it is
      Given the file "windows.jsonl" has "<DAMAGE>"
      When I run "experiment preview"
      Then it ends with exit code 6
      And it says "<TOLD>" on stderr
      And the ledger is unchanged

      Examples:
        | DAMAGE                                             | TOLD                                         |
        | a line before the last that is no row              | experiment ledger verify --full              |
        | a first row with another hash                      | these bytes are not a row. Nothing was changed. |
        | a first row that is gone                           | but the segment ends before it               |
        | a last row whose hash is right and that is no JSON | expected a row that is JSON                  |
        | a row before the last whose hash is right and that is no JSON | experiment ledger verify --full |
