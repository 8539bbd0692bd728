Feature: Damage ends every command that reads the ledger
  Every row carries its own hash. One changed bit ends a command with exit code 6, wherever it is, and
  nothing is appended after it.

  Background:
    Given the ledger of a run

  Rule: Every bit counts

    Scenario Outline: <COUNT> bits of a real ledger, each flipped before another command
      When <COUNT> bits of the ledger are flipped one by one, each before another command
      Then each time the ledger is refused with exit code 6, and no other byte of it has changed

      Examples:
        | COUNT |
        | 42    |

      @slow
      Examples:
        | COUNT |
        | 500   |

  Rule: The last row of a file is no exception

    Scenario Outline: experiment <COMMAND>, with <DAMAGE> of <FILE>
      Given the file "<FILE>" has "<DAMAGE>"
      When I run "experiment <COMMAND>"
      Then it ends with exit code 6
      And the ledger is unchanged

      Examples:
        | COMMAND                        | FILE              | DAMAGE                        |
        | preview                        | windows.jsonl     | a flipped bit in its last row |
        | report                         | windows.jsonl     | a flipped bit in its last row |
        | gate                           | windows.jsonl     | a flipped bit in its last row |
        | run --resume                   | windows.jsonl     | a flipped bit in its last row |
        | clean                          | windows.jsonl     | a flipped bit in its last row |
        | audit --window W0-01           | windows.jsonl     | a flipped bit in its last row |
        | backlog list                   | windows.jsonl     | a flipped bit in its last row |
        | backlog ready search           | windows.jsonl     | a flipped bit in its last row |
        | ledger verify                  | windows.jsonl     | a flipped bit in its last row |
        | ledger checkpoint              | windows.jsonl     | a flipped bit in its last row |
        | ledger query SELECT\\ 1         | windows.jsonl     | a flipped bit in its last row |
        | ledger export --to csv --out t | windows.jsonl     | a flipped bit in its last row |
        | preview                        | checkpoints.jsonl | a flipped bit in its last row |
        | run --resume                   | checkpoints.jsonl | a flipped bit in its last row |
        | ledger verify                  | checkpoints.jsonl | a flipped bit in its last row |

  Rule: A copy takes the damage with it

    Example: As JSON lines
      Given the file "windows.jsonl" has "a flipped bit in its last row"
      When I run "experiment ledger export --to jsonl --out copy"
      Then it ends with exit code 6
      And "copy" holds the ledger byte for byte
      And the ledger is unchanged

  Rule: An edited envelope is damage, whatever version it names

    Scenario Outline: experiment <COMMAND>, with <DAMAGE>
      Given the file "windows.jsonl" has "<DAMAGE>"
      When I run "experiment <COMMAND>"
      Then it ends with exit code 6
      And the ledger is unchanged

      Examples:
        | COMMAND       | DAMAGE                     |
        | preview       | version 2 in all envelopes |
        | preview       | version 0 in all envelopes |
        | run --resume  | version 2 in all envelopes |
        | ledger verify | version 2 in all envelopes |
        | ledger verify | version 0 in all envelopes |
