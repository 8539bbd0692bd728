Feature: The use of a meter in a window
  Invariant 4. A difference is known only within one reset period. The resets in the panes decide whether
  the period is the same, never the sign of the difference.

  Background:
    Given codex was read before "W0-07" at "10:00":
      | METER  | SHOWN    | RESETS          |
      | 5h     | 11% used | 13:01           |
      | weekly | 64% used | 21:11 on 25 Oct |

  Rule: Only a difference within one reset period is known

    Example: Both meters within their period
      When codex is read after "W0-07" at "11:00":
        | METER  | SHOWN    | RESETS          |
        | 5h     | 17% used | 13:01           |
        | weekly | 64% used | 21:11 on 25 Oct |
      Then it ends with exit code 0
      And no anomaly is recorded
      And the readings of "W0-07" say:
        | METER  | BEFORE | AFTER | DELTA | FLAG |
        | 5h     | 11     | 17    | 6     |      |
        | weekly | 64     | 64    | 0     |      |

    Example: Stamps that differ by three minutes are the same reset
      When codex is read after "W0-07" at "11:00":
        | METER  | SHOWN    | RESETS          |
        | 5h     | 17% used | 13:04           |
        | weekly | 65% used | 21:08 on 25 Oct |
      Then no anomaly is recorded
      And the readings of "W0-07" say:
        | METER  | BEFORE | AFTER | DELTA | FLAG |
        | 5h     | 11     | 17    | 6     |      |
        | weekly | 64     | 65    | 1     |      |

    Example: The meter went backwards within its period
      When codex is read after "W0-07" at "11:00":
        | METER  | SHOWN    | RESETS          |
        | 5h     | 0% used  | 13:01           |
        | weekly | 65% used | 21:11 on 25 Oct |
      Then the readings of "W0-07" say:
        | METER  | BEFORE | AFTER | DELTA | FLAG           |
        | 5h     | 11     | 0     | null  | negative-delta |
        | weekly | 64     | 65    | 1     |                |
      And the anomalies on record are:
        | KIND           | WINDOW | TOUCHES       |
        | negative-delta | W0-07  | before, after |

    Example: The reset moved, and the difference looks fine
      When codex is read after "W0-07" at "13:30":
        | METER  | SHOWN    | RESETS          |
        | 5h     | 17% used | 18:01           |
        | weekly | 65% used | 21:15 on 25 Oct |
      Then the readings of "W0-07" say:
        | METER  | BEFORE | AFTER | DELTA | FLAG          |
        | 5h     | 11     | 17    | null  | reset-crossed |
        | weekly | 64     | 65    | null  | reset-crossed |
      And the anomalies on record are:
        | KIND          | WINDOW | TOUCHES       |
        | reset-crossed | W0-07  | before, after |
        | reset-crossed | W0-07  | before, after |

    Example: A reset that can't be read
      When codex is read after "W0-07" at "11:00":
        | METER  | SHOWN    | RESETS          |
        | 5h     | 17% used |                 |
        | weekly | 65% used | 21:11 on 25 Oct |
      Then the readings of "W0-07" say:
        | METER  | BEFORE | AFTER | DELTA | FLAG          |
        | 5h     | 11     | 17    | null  | reset-unknown |
        | weekly | 64     | 65    | 1     |               |
      And the anomalies on record are:
        | KIND          | WINDOW | TOUCHES       |
        | reset-unknown | W0-07  | before, after |

  Rule: A difference is known only in one unit

    Example: The reading after has another unit
      When I run "experiment override --window W0-07 --phase after --unit prompts --reading 5h=12@2025-10-19T13:01:00Z --at 2025-10-19T11:00:00Z"
      Then the readings of "W0-07" say:
        | METER  | BEFORE | AFTER | DELTA | FLAG          |
        | 5h     | 11     |       | null  | unit-changed  |
        | 5h     |        | 12    | null  | unit-changed  |
        | weekly | 64     |       | null  | meter-missing |
      And the anomalies on record are:
        | KIND         | WINDOW | TOUCHES       |
        | unit-changed | W0-07  | before, after |

    Example: The preview shows each reading in its own unit
      Given "experiment override --window W0-07 --phase after --unit prompts --reading 5h=12@2025-10-19T13:01:00Z --at 2025-10-19T11:00:00Z" has ended with exit code 0
      When I run "experiment preview --experiment manual"
      Then it prints each of:
        | 11 †1   n/a    n/a         percent |
        | n/a     12 †1  n/a         prompts |
        | W0-07 †1: unit-changed             |

  Rule: Figures affected by an anomaly are marked

    Example: The preview counts and marks
      Given codex was read after "W0-07" at "11:00":
        | METER  | SHOWN   | RESETS          |
        | 5h     | 0% used | 13:01           |
        | weekly | 65% used | 21:11 on 25 Oct |
      And the window "W0-07" was completed with "--feature lru-cache --outcome pass --quality 1 --methodology m --commit-start 1a2b3c4 --commit-end 5d6e7f8"
      When I run "experiment preview --experiment manual"
      Then it prints each of:
        | Anomalies: 1 (negative-delta 1;     |
        | 1.000 †1                            |
        | 11 †1   0 †1   n/a         percent  |
        | n/a: W0-07 †1: negative-delta.      |
        | † An anomaly affects this figure     |

    Example: After an undo the mark is gone, and the anomaly stays on record as past
      Given codex was read after "W0-07" at "11:00":
        | METER  | SHOWN   | RESETS          |
        | 5h     | 0% used | 13:01           |
      And 'the "after" of W0-07 (codex)' was undone
      When I run "experiment preview --experiment manual"
      Then it prints "Anomalies: 0 (past: 1, of rows that were corrected or undone)"
      And it does not print "†"
