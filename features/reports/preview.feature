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
      Then it prints "Anomalies: 1 (negative-delta 1; see preview --explain anomalies)"

    Example: A window of a run that does not count
      Given the ledger of a run
      When I run "experiment preview"
      Then it ends with exit code 0
      And below "Needs attention:" it prints "W0-02 (first): outcome no_spend, no quality"

    Example: A halted candidate
      Given a session of 5 pairs, in which:
        | cheap | is 3 times cheaper |
        | cheap | has a meter that goes backwards |
      When I run "experiment preview"
      Then it ends with exit code 0
      And below "Needs attention:" it prints "Halted: cheap (negative_delta)."

    Example: An experiment that its operator's rule halted before its first pair
      Given a small experiment
      And it has been run with "--stop-when tokens>1"
      When I run "experiment preview"
      Then it ends with exit code 0
      And below "Needs attention:" it prints "Halted: the experiment (operator: tokens>1)."

  Rule: Gates and criteria have one line each

    Example: Their verdicts, and the command that shows their figures
      Given a session of 4 pairs, in which:
        | cheap | is 3 times cheaper |
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints each of:
        | Gates: STAY LEAN, policy standard; see experiment gate --experiment 0123456789ab |
        | cheap: stay lean after 4 looks, 4 pairs                                          |
        | G1, enough evidence: does not hold                                               |
        | cost       met      confirmed     inconclusive                                   |
      And it does not print "Gate file version"
      And it does not print "Evidence that"

  Rule: Each provider has its power, which belongs to a comparison with the baseline

    Example: A run on a terminal of 80 columns
      Given a session of 4 pairs, in which:
        | cheap | is 3 times cheaper |
      And the variable COLUMNS is "80"
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints each of:
        | Provider  Valid  Features  Capacity  Features  Efficiency      Power  Quality |
        | base      4      4         0         83.07     78.66 to 88.02  n/a    1.000   |
        | cheap     4      4         0         249.2     238.0 to 261.6  1.000  1.000   |

    Example: Manual windows
      Given 3 features have manual windows, with "one" as the baseline
      When I run "experiment preview --experiment manual"
      Then it ends with exit code 0
      And it prints each of:
        | Provider  Valid  Features  Power   Quality mean |
        | one       3      3         n/a     1.000        |
        | two       3      3         0.9999  1.000        |

  Rule: A window that only a log knows has its tokens, and no empty tables

    Background:
      Given a log of claude-session:
        """
        claude m1 100 50 cached 400
        """
      And it was ingested as "claude-session" with "--window W0-07"

    Example: A log was read, and no meter
      When I run "experiment preview --experiment manual"
      Then it ends with exit code 0
      And it prints "Windows: 0 of 0 done"
      And it does not print "Window  Provider"
      And it does not print "Readings"

    Example: The attention has the tokens of the audit, and those without cached input
      When I run "experiment preview --experiment manual"
      Then it ends with exit code 0
      And it prints "Without a reading: W0-07 (claude), 550 tokens of claude-session (150 uncached)"

  Rule: Unknown tokens are not 0

    Example: Manual windows that nothing counted tokens in
      Given 3 features have manual windows, with "one" as the baseline
      When I run "experiment preview --experiment manual"
      Then it ends with exit code 0
      And it prints "Cost of the run: n/a (not every window's tokens were counted)"

    Example: A run that sent no request
      Given the ledger of a run
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints "Cost of the run: $0.00, 0 tokens"

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
      And it prints "5h     17      n/a"
      And it does not print "W0-07"

    Example: A window of a run that does not exist
      Given the ledger of a run
      When I run "experiment preview --window W0-99"
      Then it ends with exit code 2
      And it says "got an unknown one. Write one of W0-01, W0-02." on stderr

    Example: A window that does not exist
      When I run "experiment preview --experiment manual --window W0-09"
      Then it ends with exit code 2
      And it says "expected a window of this experiment, got an unknown one" on stderr
