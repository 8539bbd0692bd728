Feature: No after shortly after a reset
  Invariant 2. A pane can show the old period for some minutes after a reset, so an `after` within five
  minutes is not certain.

  Background:
    Given codex was read before "W0-07" at "10:00":
      | METER | SHOWN   | RESETS |
      | 5h    | 3% used | 14:01  |

  Rule: An after within five minutes after an observed reset is refused, or marked as late

    Example: Two minutes after the reset
      When codex is read after "W0-07" at "14:03":
        | METER | SHOWN   | RESETS |
        | 5h    | 0% used | 19:01  |
      Then it ends with exit code 3
      And it says "Take it again later, or add --late" on stderr
      And the ledger is unchanged

    Example: The pane still shows the old period
      When codex is read after "W0-07" at "14:02":
        | METER | SHOWN   | RESETS |
        | 5h    | 3% used | 14:01  |
      Then it ends with exit code 3
      And it says "right after 5h at 2025-10-19T14:01:00.000Z" on stderr
      And the ledger is unchanged

    Example: The operator must take it
      When codex is read after "W0-07" at "14:03" with "--late":
        | METER | SHOWN   | RESETS |
        | 5h    | 0% used | 19:01  |
      Then it ends with exit code 0
      And the last row of "snapshot_taken" has:
        | notes | …late-after… |
      And the anomalies on record are:
        | KIND          | WINDOW | TOUCHES       |
        | late-after    | W0-07  | after         |
        | reset-crossed | W0-07  | before, after |

    Example: Five minutes after the reset
      When codex is read after "W0-07" at "14:06":
        | METER | SHOWN   | RESETS |
        | 5h    | 0% used | 19:01  |
      Then it ends with exit code 0
      And the anomalies on record are:
        | KIND          | WINDOW | TOUCHES       |
        | reset-crossed | W0-07  | before, after |

    Example: A typed reading
      When I run "experiment override --window W0-07 --phase after --meter 5h --used 0 --resets-at 2025-10-19T19:01:00Z --at 2025-10-19T14:03:00Z"
      Then it ends with exit code 3
      And it says "right after 5h at 2025-10-19T14:01:00.000Z" on stderr
      And the ledger is unchanged

    Example: A crossing capture
      When codex is read cross "W0-08" at "14:03":
        | METER | SHOWN   | RESETS |
        | 5h    | 0% used | 19:01  |
      Then it ends with exit code 3
      And it says "W0-07 (codex): expected an" on stderr
      And the ledger is unchanged

    Example: Before the reset
      When codex is read after "W0-07" at "14:00" with "--late":
        | METER | SHOWN   | RESETS |
        | 5h    | 9% used | 14:01  |
      Then it ends with exit code 0
      And no anomaly is recorded
