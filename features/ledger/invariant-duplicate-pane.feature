Feature: The same pane twice proves nothing
  An `after` that is byte for byte its `before` may be an old screen. It shows no use only if the operator
  says so.

  Background:
    Given codex was read before "W0-07" at "10:00":
      | METER  | SHOWN    | RESETS          |
      | 5h     | 11% used | 13:01           |
      | weekly | 19% used | 21:11 on 25 Oct |

  Rule: A capture that is byte for byte the before has no difference

    Example: Nobody says that nothing was used
      When codex is read after "W0-07" at "11:00":
        | METER  | SHOWN    | RESETS          |
        | 5h     | 11% used | 13:01           |
        | weekly | 19% used | 21:11 on 25 Oct |
      Then it ends with exit code 0
      And it prints "anomaly: duplicate-pane. The capacity stays unknown. If nothing was used, take the same after again with --accept-idle."
      And the anomalies on record are:
        | KIND           | WINDOW | TOUCHES       |
        | duplicate-pane | W0-07  | before, after |
      And the readings of "W0-07" say:
        | METER  | BEFORE | AFTER | DELTA | FLAG           |
        | 5h     | 11     | 11    | null  | duplicate-pane |
        | weekly | 19     | 19    | null  | duplicate-pane |

    Example: The same figures on another screen are a difference of 0
      When codex is read after "W0-07" at "11:00":
        | METER  | SHOWN    | RESETS          |
        | weekly | 19% used | 21:11 on 25 Oct |
        | 5h     | 11% used | 13:01           |
      Then no anomaly is recorded
      And the readings of "W0-07" say:
        | METER  | BEFORE | AFTER | DELTA | FLAG |
        | 5h     | 11     | 11    | 0     |      |
        | weekly | 19     | 19    | 0     |      |

    Example: The final row counts no use
      Given codex was read after "W0-07" at "11:00":
        | METER  | SHOWN    | RESETS          |
        | 5h     | 11% used | 13:01           |
        | weekly | 19% used | 21:11 on 25 Oct |
      When I run "experiment complete --window W0-07 --feature lru-cache --outcome pass"
      Then it ends with exit code 0
      And it prints "capacity: 5h unknown (duplicate-pane)"

  Rule: The operator can confirm that nothing was used

    Example: With the reading
      When codex is read after "W0-07" at "11:00" with "--accept-idle":
        | METER  | SHOWN    | RESETS          |
        | 5h     | 11% used | 13:01           |
        | weekly | 19% used | 21:11 on 25 Oct |
      Then it ends with exit code 0
      And the last row of "snapshot_taken" has:
        | notes | …accept-idle… |
      And the anomalies on record are:
        | KIND           | WINDOW | TOUCHES       |
        | duplicate-pane | W0-07  | before, after |
      And the readings of "W0-07" say:
        | METER  | BEFORE | AFTER | DELTA | FLAG |
        | 5h     | 11     | 11    | 0     |      |
        | weekly | 19     | 19    | 0     |      |

    Example: Afterwards, with the same pane
      Given codex was read after "W0-07" at "11:00":
        | METER  | SHOWN    | RESETS          |
        | 5h     | 11% used | 13:01           |
        | weekly | 19% used | 21:11 on 25 Oct |
      When codex is read after "W0-07" at "11:05" with "--accept-idle":
        | METER  | SHOWN    | RESETS          |
        | 5h     | 11% used | 13:01           |
        | weekly | 19% used | 21:11 on 25 Oct |
      Then it ends with exit code 0
      And the existing files are unchanged
      And the readings of "W0-07" say:
        | METER  | BEFORE | AFTER | DELTA | FLAG |
        | 5h     | 11     | 11    | 0     |      |
        | weekly | 19     | 19    | 0     |      |

    Example: Once more changes nothing
      Given codex was read after "W0-07" at "11:00" with "--accept-idle":
        | METER  | SHOWN    | RESETS          |
        | 5h     | 11% used | 13:01           |
        | weekly | 19% used | 21:11 on 25 Oct |
      When codex is read after "W0-07" at "11:05" with "--accept-idle":
        | METER  | SHOWN    | RESETS          |
        | 5h     | 11% used | 13:01           |
        | weekly | 19% used | 21:11 on 25 Oct |
      Then it ends with exit code 0
      And it prints "the same is there already; nothing was written"
      And the ledger is unchanged

    Example: Another pane needs no confirmation
      When codex is read after "W0-07" at "11:00" with "--accept-idle":
        | METER  | SHOWN    | RESETS          |
        | 5h     | 17% used | 13:01           |
        | weekly | 20% used | 21:11 on 25 Oct |
      Then it ends with exit code 0
      And no anomaly is recorded
      And the readings of "W0-07" say:
        | METER  | BEFORE | AFTER | DELTA | FLAG |
        | 5h     | 11     | 17    | 6     |      |
        | weekly | 19     | 20    | 1     |      |
