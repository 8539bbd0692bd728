Feature: Recorded cases of unclean data
  Each case was seen in the public records of a tracker that took it for clean data. The case of a telemetry
  file that is read twice comes with the reading of such files.

  Rule: An unproven difference is not a figure

    Example: A stale pane after the work
      Given codex was read before "W0-07" at "10:00":
        | METER  | SHOWN    | RESETS          |
        | 5h     | 17% used | 13:01           |
        | weekly | 19% used | 21:11 on 25 Oct |
      When codex is read after "W0-07" at "11:00":
        | METER  | SHOWN    | RESETS          |
        | 5h     | 0% used  | 13:01           |
        | weekly | 10% used | 21:11 on 25 Oct |
      Then the readings of "W0-07" say:
        | METER  | BEFORE | AFTER | DELTA | FLAG           |
        | 5h     | 17     | 0     | null  | negative-delta |
        | weekly | 19     | 10    | null  | negative-delta |

    Example: A reset between the two panes
      Given codex was read before "W0-07" at "06:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 07:10  |
      When codex is read after "W0-07" at "20:30":
        | METER | SHOWN    | RESETS          |
        | 5h    | 17% used | 00:01 on 20 Oct |
      Then the readings of "W0-07" say:
        | METER | BEFORE | AFTER | DELTA | FLAG          |
        | 5h    | 11     | 17    | null  | reset-crossed |

    Example: A pane from after the reset that it shows
      Given codex was read before "W0-07" at "11:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 80% used | 14:00  |
      When codex is read after "W0-07" at "16:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 83% used | 14:00  |
      Then the readings of "W0-07" say:
        | METER | BEFORE | AFTER | DELTA | FLAG          |
        | 5h    | 80     | 83    | null  | reset-crossed |

    Scenario Outline: A pane of <CLIENT> that says that its figures are old
      Given <CLIENT> shows before "W0-07" at "10:00":
        """
        <BEFORE>
        """
      When <CLIENT> shows after "W0-07" at "11:00":
        """
        <AFTER>
        """
      Then the readings of "W0-07" say:
        | METER | BEFORE | AFTER | DELTA | FLAG       |
        | 5h    | 5      | 6     | null  | stale-pane |
      And one row of "anomaly_recorded" has:
        | kind   | stale-pane |
        | window | W0-07      |

      Examples:
        | CLIENT | BEFORE                                  | AFTER                                                                |
        | claude | Current session 5% used Resets 1pm (UTC) | Current session 6% used as of 9:14am Resets 1pm (UTC)                |
        | claude | Current session 5% used Resets 1pm (UTC) | Current session 6% used as of yesterday Resets 1pm (UTC)             |
        | codex  | 5h limit: 5% used (resets 13:01)         | 5h limit: 6% used (resets 13:01)\nWarning: limits may be stale - start new turn to refresh. |

    Example: A crossing of the weekly reset
      Given codex was read before "W0-07" at "2025-10-07T10:00:00Z":
        | METER  | SHOWN    | RESETS         |
        | weekly | 64% used | 21:11 on 8 Oct |
      When codex is read after "W0-07" at "2025-10-13T10:00:00Z":
        | METER  | SHOWN    | RESETS          |
        | weekly | 82% used | 21:11 on 19 Oct |
      Then the readings of "W0-07" say:
        | METER  | BEFORE | AFTER | DELTA | FLAG          |
        | weekly | 64     | 82    | null  | reset-crossed |

  Rule: Zero is not absent

    Example: A window that did not move the meter keeps its feature and its place
      Given codex worked these windows:
        | WINDOW | FEATURE   | BEFORE | AFTER | QUALITY |
        | W0-01  | lru-cache | 10     | 10    | 1       |
        | W0-02  | queue     | 10     | 12    | 1       |
        | W0-03  | tree      | 12     | 13    | 0.5     |
      When I run "experiment preview --experiment manual"
      Then 3 of 3 windows count
      And the capacity is:
        | PROVIDER | METER  | N | USED | EFFICIENCY    |
        | codex    | weekly | 3 | 3    | 83.3333333333 |

    Example: A weekly meter that did not move, and a five-hour meter that did
      Given codex was read before "W0-07" at "10:00":
        | METER  | SHOWN    | RESETS          |
        | 5h     | 11% used | 13:01           |
        | weekly | 40% used | 21:11 on 25 Oct |
      And codex was read after "W0-07" at "11:00":
        | METER  | SHOWN    | RESETS          |
        | 5h     | 22% used | 13:01           |
        | weekly | 40% used | 21:11 on 25 Oct |
      And the window "W0-07" was completed with "--feature lru-cache --outcome pass --quality 1 --methodology m --commit-start 1a2b3c4 --commit-end 5d6e7f8"
      When I run "experiment preview --experiment manual"
      Then 1 of 1 windows count
      And the capacity is:
        | PROVIDER | METER  | N | USED | EFFICIENCY    |
        | codex    | 5h     | 1 | 11   | 9.09090909091 |
        | codex    | weekly | 1 | 0    | null          |

    Example: Too few windows for an interval
      Given codex worked these windows:
        | WINDOW | FEATURE   | BEFORE | AFTER | QUALITY |
        | W0-01  | lru-cache | 10     | 10    | 1       |
        | W0-02  | queue     | 10     | 12    | 0.5     |
      When I run "experiment preview --experiment manual"
      Then it prints "n/a: Its 95 % CI, fixed-n: fewer than 3 features."
      And it prints "Windows: 2 of 2 done"

  Rule: A window that is completed twice counts once

    Example: A correction follows
      Given codex worked these windows:
        | WINDOW | FEATURE   | BEFORE | AFTER | QUALITY |
        | W0-01  | lru-cache | 10     | 11    | 1       |
      And the window "W0-01" was completed with "--feature lru-cache --outcome fail --quality 0 --methodology m --commit-start 1a2b3c4 --commit-end 5d6e7f8"
      When I run "experiment preview --experiment manual"
      Then it prints "Outcomes: fail 1"
      And 1 of 1 windows count
      And the capacity is:
        | PROVIDER | METER  | N | USED | EFFICIENCY |
        | codex    | weekly | 1 | 1    | 0          |

  Rule: Missing text in a pane is not made up

    Example: A line without its reset
      When codex shows before "W0-07" at "10:00":
        """
        5h limit:     [░░░░] 1% used
        Weekly limit: [███░] 82% used (resets 21:29 on 21 Oct)
        """
      Then it ends with exit code 0
      And the last reading has the meters:
        | METER  | USED | RESETS           |
        | 5h     | 1    |                  |
        | weekly | 82   | 2025-10-21T21:29 |
      And the last row of "snapshot_taken" has:
        | errors | 5h: expected a reset, got none that can be read. |

    Example: The weekly limits of one model and of all models
      When claude shows before "W0-07" at "10:00":
        """
        Current session  5% used  Resets 1pm (UTC)
        Current week (all models)  40% used  Resets Oct 22, 2am (UTC)
        Current week (Sonnet only)  3% used  Resets Oct 22, 2am (UTC)
        """
      Then it ends with exit code 0
      And the last reading has the meters:
        | METER         | USED | RESETS           |
        | 5h            | 5    | 2025-10-19T13:00 |
        | weekly        | 40   | 2025-10-22T02:00 |
        | weekly sonnet | 3    | 2025-10-22T02:00 |

    Example: The context line is not a limit
      When codex shows before "W0-07" at "10:00":
        """
        Context window: 67% left (2.65K used / 272K)
        5h limit:       [████] 28% left (resets 13:01)
        """
      Then it ends with exit code 0
      And the last reading has the meters:
        | METER | USED | RESETS           |
        | 5h    | 72   | 2025-10-19T13:01 |
