Feature: Why a driven window counts, or does not
  `experiment audit` tells it of the windows that `experiment run` worked as it does of those worked by hand.

  Rule: A window counts once nothing is missing

    Example: Worked to its end
      Given a small experiment
      And it has been run with ""
      When I run "experiment audit --window W0-01"
      Then it ends with exit code 0
      And it prints each of:
        | it counts.        |
        | attempt 1 before  |
        | attempt 1 after   |
        | capacity proxy +  |
        | completed: pass   |

    Example: For a script
      Given a small experiment
      And it has been run with ""
      When I run "experiment audit --window W0-01 --json"
      Then it ends with exit code 0
      And it prints each of:
        | "counts": true |
        | "missing": []  |

    Example: No model was reached
      Given the ledger of a run
      When I run "experiment audit --window W0-02"
      Then it ends with exit code 1
      And it prints each of:
        | it does not count.                                    |
        | missing: outcome no_spend: the window counts as missing |
      And the ledger is as it was

    Example: Its commits are not known
      Given a small experiment
      And it has been run with ""
      And a correction by which "W0-01" has no "commit_end"
      When I run "experiment audit --window W0-01"
      Then it ends with exit code 1
      And it prints "missing: no commit_end: the window is incomplete and counts in no decision"

  Rule: A window that has no end yet says how it gets one

    Example: It was not begun
      Given a small experiment
      And it has been run with "--overall-token-budget 0"
      When I run "experiment audit --window W0-02"
      Then it ends with exit code 1
      And it prints "missing: not run: experiment run --resume"

    Example: Its attempt was left open
      Given the ledger of a run
      And the ledger says nothing of the second window's end
      When I run "experiment audit --window W0-02"
      Then it ends with exit code 1
      And it prints "missing: attempt 1 has no end: experiment run --resume"

  Rule: A window is looked for where it may be

    Example: Among the windows worked by hand too
      Given the ledger of a run
      And codex was read before "W0-01" at "10:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      When I run "experiment audit --window W0-01"
      Then it ends with exit code 1
      And it prints each of:
        | W0-01 (codex): it does not count yet. |
        | missing: outcome no_spend             |

    Example: In another experiment
      Given the ledger of a run
      When I run "experiment audit --window W0-01 --experiment 000000000000"
      Then it ends with exit code 2
      And it says "--experiment 000000000000: the ledger holds no such experiment" on stderr

    Example: Nowhere
      Given the ledger of a run
      When I run "experiment audit --window W0-99"
      Then it ends with exit code 2
      And it says "got one that no row names" on stderr
      And the ledger is as it was
