Feature: Rows of a later version
  An envelope of another version is not damage. It is reported with its place and a remedy, and never
  silently left out.

  Background:
    Given the ledger of a run
    And the file "windows.jsonl" has "a row before the last in another envelope"

  Rule: Verification distinguishes it from damage

    Scenario Outline: experiment <COMMAND>
      When I run "experiment <COMMAND>"
      Then it ends with exit code 0
      And it prints each of:
        | windows.jsonl, line 5                                                |
        | note (unknown-version): a row of a later version                     |
        | Read the ledger with the version of this program that wrote it.      |
      And the ledger is unchanged

      Examples:
        | COMMAND              |
        | ledger verify        |
        | ledger verify --full |

  Rule: Commands that would have to understand it name it and decide nothing

    Scenario Outline: experiment <COMMAND>
      When I run "experiment <COMMAND>"
      Then it ends with exit code 2
      And it says 'got {"_v":2,"seq":5,' on stderr
      And it says "It is not damaged: a later version of this program wrote it." on stderr
      And the ledger is unchanged

      Examples:
        | COMMAND                           |
        | preview                           |
        | report                            |
        | gate                              |
        | run --resume                      |
        | backlog list                      |
        | ledger query SELECT\\ 1            |
        | ledger export --to csv --out csv  |

  Rule: A copy contains every byte of it

    Example: As JSON lines
      When I run "experiment ledger export --to jsonl --out copy"
      Then it ends with exit code 0
      And "copy" holds the ledger byte for byte

  Rule: The last row of a file is no exception

    Scenario Outline: experiment <COMMAND>
      Given the file "windows.jsonl" has "a last row in another envelope"
      And the file "checkpoints.jsonl" has "a last row in another envelope"
      When I run "experiment <COMMAND>"
      Then it ends with exit code <CODE>
      And the ledger is unchanged

      Examples:
        | COMMAND                              | CODE |
        | ledger verify                        | 0    |
        | ledger verify --full                 | 0    |
        | ledger export --to jsonl --out copy  | 0    |
        | preview                              | 2    |
        | ledger checkpoint                    | 2    |
        | ledger export --to parquet --out out | 2    |
