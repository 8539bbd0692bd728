Feature: The preview is the page of an operator
  It begins with what needs attention. One window can be looked at alone.

  Rule: What needs attention comes first

    Example: Nothing needs attention
      Given codex was read before "W0-07" at "10:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      When I run "experiment preview --experiment manual"
      Then it ends with exit code 0
      And it prints "Needs attention: nothing"

    Example: A meter that went back
      Given codex was read before "W0-07" at "10:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 17% used | 13:01  |
      And codex was read after "W0-07" at "11:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      When I run "experiment preview --experiment manual"
      Then it prints "Anomalies: 1 (negative-delta 1; see anomalies.jsonl)"

  Rule: One window can be looked at alone

    Background:
      Given codex was read before "W0-07" at "10:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      And codex was read before "W0-08" at "11:30":
        | METER | SHOWN    | RESETS |
        | 5h    | 17% used | 13:01  |

    Example: Its readings and no others
      When I run "experiment preview --experiment manual --window W0-08"
      Then it ends with exit code 0
      And it prints "17 percent"
      And it does not print "W0-07"

    Example: A window that does not exist
      When I run "experiment preview --experiment manual --window W0-09"
      Then it ends with exit code 2
      And it says "expected a window of this experiment, got an unknown one" on stderr
