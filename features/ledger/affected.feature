Feature: Marks of affected figures
  Anomalies are numbered in the order of recording. A figure carries the numbers of the anomalies that
  affect one of its windows. All other figures have no mark.

  Background:
    Given a small experiment
    And it has been run with ""

  Rule: In the preview

    Example: An anomaly of one window
      Given an anomaly of the kind "workspace-repaired" that affects "W0-01"
      When I run "experiment preview"
      Then it ends with exit code 0
      And the preview's lines carry these marks:
        | LINE             | MARKS |
        | Outcomes:        | †1    |
        | first 1          |       |
        | second 1         | †1    |
        | Cost ratio, not  | †1    |
        | Pairs:           | †1    |
        | second: stay     | †1    |
        | overall          | †1    |
        | /implement tokens | †1    |

    Example: Anomalies of two windows
      Given an anomaly of the kind "workspace-repaired" that affects "W0-01"
      And an anomaly of the kind "negative-delta" that affects "W0-02"
      When I run "experiment preview"
      Then it ends with exit code 0
      And the preview's lines carry these marks:
        | LINE             | MARKS |
        | Outcomes:        | †1,2  |
        | first 1          | †2    |
        | second 1         | †1    |
        | Cost ratio, not  | †1,2  |

    Example: An anomaly of a file of the ledger
      Given an anomaly of the kind "torn-tail" that affects "windows.jsonl"
      When I run "experiment preview"
      Then it ends with exit code 0
      And the preview's lines carry these marks:
        | LINE       | MARKS |
        | Outcomes:  | †1    |
        | first 1    | †1    |
        | second 1   | †1    |
        | Cost ratio | †1    |

    Example: No anomaly
      When I run "experiment preview"
      Then it ends with exit code 0
      And it does not print "†"

  Rule: In the report

    Example: An anomaly of one window
      Given an anomaly of the kind "divergent:builtin-agent" that affects "W0-01"
      When I run "experiment report"
      Then it ends with exit code 0
      And the report's lines carry these marks:
        | LINE            | MARKS |
        | Outcomes        | †1    |
        | W0-01           | †1    |
        | W0-02           |       |
        | first models    |       |
        | second models   | †1    |
        | Pairs 1 planned | †1    |
        | Looks 1 looks   | †1    |

    Example: Every figure of a window and its provider, and no other
      Given an anomaly of the kind "late-after" that affects "W0-01"
      When I run "experiment report"
      Then it ends with exit code 0
      And every figure in the report's rows of "W0-01" and "second" is marked with "†1"
      And no figure in the report's rows of "W0-02" and "first" is marked with "†"

  Rule: For manual windows

    Example: Readings, windows, capacity and outcomes
      Given codex was read before "W0-07" at "10:00":
        | METER  | SHOWN    | RESETS          |
        | weekly | 64% used | 21:11 on 25 Oct |
      And codex was read after "W0-07" at "11:00":
        | METER  | SHOWN    | RESETS          |
        | weekly | 60% used | 21:11 on 25 Oct |
      And the window "W0-07" was completed with "--feature lru-cache --outcome pass --quality 1 --methodology m --commit-start 1a2b3c4 --commit-end 5d6e7f8"
      When I run "experiment preview --experiment manual"
      Then it ends with exit code 0
      And the preview's lines carry these marks:
        | LINE               | MARKS |
        | Outcomes: pass 1   | †1    |
        | codex 1            | †1    |
        | codex weekly       | †1    |
        | W0-07 †1 codex lru | †1 |
        | W0-07 †1 codex weekly | †1 |
