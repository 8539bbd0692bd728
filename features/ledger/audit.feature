Feature: Why a driven window counts, or does not
  `experiment audit` explains the windows of `experiment run` in the same way as manual windows.

  Rule: A window counts once nothing is missing

    Example: A finished window
      Given a small experiment
      And it has been run with ""
      When I run "experiment audit --window W0-01"
      Then it ends with exit code 0
      And it prints each of:
        | it counts.        |
        | attempt 1 before  |
        | attempt 1 after   |
        | capacity proxy +  |
        | counted by the proxy |
        | completed: pass   |

    Example: For a script
      Given a small experiment
      And it has been run with ""
      When I run "experiment audit --window W0-01 --json"
      Then it ends with exit code 0
      And it prints each of:
        | "counts": true |
        | "missing": []  |

    Example: No request reached a model
      Given the ledger of a run
      When I run "experiment audit --window W0-02"
      Then it ends with exit code 1
      And it prints each of:
        | it does not count.                                    |
        | missing: outcome no_spend: the window counts as missing |
      And the ledger is unchanged

    Example: Unknown commits
      Given a small experiment
      And it has been run with ""
      And a correction of the window "W0-01":
        | commit_end | null |
      When I run "experiment audit --window W0-01"
      Then it ends with exit code 1
      And it prints "missing: no commit_end: the window is incomplete and counts in no decision"

  Rule: The audit of an unfinished window says how to finish it

    Example: A window that has not started
      Given a small experiment
      And it has been run with "--overall-token-budget 0"
      When I run "experiment audit --window W0-02"
      Then it ends with exit code 1
      And it prints "missing: not run: experiment run --seed 1 --overall-token-budget 300000 --resume"

    Example: An attempt that was left open
      Given the ledger of a run
      And the ledger has no end of the second window
      When I run "experiment audit --window W0-02"
      Then it ends with exit code 1
      And it prints "missing: attempt 1 has no end: experiment run --seed 1 --command-budget /implement=120000 --resume"

  Rule: The audit searches every place where a window can be

    Example: Among the manual windows
      Given the ledger of a run
      And codex was read before "W0-01" at "10:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      When I run "experiment audit --window W0-01"
      Then it ends with exit code 1
      And it prints each of:
        | W0-01 (codex): it does not count.     |
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
      And the ledger is unchanged
