Feature: One before and one after
  Invariant 5. A provider's window has one reading before and one after. A second one would let the operator
  choose.

  Background:
    Given codex was read before "W0-07" at "10:00":
      | METER | SHOWN    | RESETS |
      | 5h    | 11% used | 13:01  |

  Rule: A second reading is refused until the first is undone

    Example: A second before
      When codex is read before "W0-07" at "10:10":
        | METER | SHOWN    | RESETS |
        | 5h    | 12% used | 13:01  |
      Then it ends with exit code 3
      And it says 'expected one "before", got a second one' on stderr
      And it says "Undo that first: experiment undo --id" on stderr
      And the ledger is unchanged

    Example: A second after
      Given codex was read after "W0-07" at "11:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 17% used | 13:01  |
      When codex is read after "W0-07" at "11:10":
        | METER | SHOWN    | RESETS |
        | 5h    | 18% used | 13:01  |
      Then it ends with exit code 3
      And it says 'expected one "after", got a second one' on stderr
      And the ledger is unchanged

    Example: Another agent has a window of its own
      When codex is read before "W0-07" at "10:00" with "--agent other":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      Then it ends with exit code 0
      And the ledger has 2 rows of "snapshot_taken"

    Example: Another provider, another window and another attempt have readings of their own
      When I take the same pane for another provider, window and attempt
      Then the ledger has 4 rows of "snapshot_taken"

    Example: Several processes at once take one before
      When 4 processes read codex before "W0-08" at once
      Then they end with exit codes "0, 3, 3, 3"
      And the ledger has 2 rows of "snapshot_taken"

  Rule: An after follows its before

    Example: No before
      When codex is read after "W0-08" at "11:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 17% used | 13:01  |
      Then it ends with exit code 3
      And it says 'expected a "before" ahead of the "after", got none' on stderr
      And the ledger is unchanged

    Example: Older than the before
      When codex is read after "W0-07" at "09:59":
        | METER | SHOWN    | RESETS |
        | 5h    | 17% used | 13:01  |
      Then it ends with exit code 3
      And it says 'expected an "after" that is not older than its "before"' on stderr
      And the ledger is unchanged

  Rule: One capture may end a window and begin the next

    Example: A crossing capture
      When codex is read cross "W0-08" at "11:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 17% used | 13:01  |
      Then it ends with exit code 0
      And it prints each of:
        | W0-07 (codex) after: 1 meter read.  |
        | W0-08 (codex) before: 1 meter read. |
      And the readings of "W0-07" say:
        | METER | BEFORE | AFTER | DELTA | FLAG |
        | 5h    | 11     | 17    | 6     |      |

    Example: Both rows are written or neither
      Given codex was read before "W0-08" at "10:20":
        | METER | SHOWN    | RESETS |
        | 5h    | 12% used | 13:01  |
      When codex is read cross "W0-08" at "11:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 17% used | 13:01  |
      Then it ends with exit code 3
      And it says "W0-08 (codex): expected a window that has not begun, because cross begins it" on stderr
      And the ledger is unchanged

    Example: No window is open
      When codex is read cross "W0-08" at "11:00" with "--provider other":
        | METER | SHOWN    | RESETS |
        | 5h    | 17% used | 13:01  |
      Then it ends with exit code 3
      And it says "expected an open window of other that this capture ends, got none" on stderr
      And the ledger is unchanged
