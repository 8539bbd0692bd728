Feature: Captures that are no longer needed
  Large captures of panes and the output of agents are stored next to the ledger, and rows cite them by their
  hashes. `experiment clean` removes captures that no row cites, and the output of attempts that have ended.

  Rule: A capture that a row cites is never removed

    Example: The capture of a valid reading
      Given codex was read before "W0-07" from a capture of 20000 lines, a day ago
      When I run "experiment clean"
      Then it ends with exit code 0
      And it prints "0 captures removed."
      And its row cites a file with that capture

    Example: The capture of an undone reading
      Given codex was read before "W0-07" from a capture of 20000 lines, a day ago
      And 'the "before" of W0-07 (codex)' was undone
      When I run "experiment clean"
      Then it prints "0 captures removed."
      And its row cites a file with that capture

    Example: A removed capture is stored again with a new reading
      Given a capture of 20000 lines that no row cites, a day old
      And "experiment clean" has been run
      When codex is read before "W0-08" from a capture of 20000 lines
      Then it ends with exit code 0
      And its row cites a file with that capture

  Rule: A capture that a row cites is verified with the ledger

    Example: Unchanged
      Given codex was read before "W0-07" from a capture of 20000 lines, a day ago
      When I run "experiment ledger verify"
      Then it ends with exit code 0
      And it does not print "capture"

    Example: Changed
      Given codex was read before "W0-07" from a capture of 20000 lines, a day ago
      And its capture was changed
      When I run "experiment ledger verify"
      Then it ends with exit code 6
      And it prints each of:
        | damage (capture-changed) |
        | Restore the capture      |

    Example: Left behind when the ledger was copied
      Given codex was read before "W0-07" from a capture of 20000 lines, a day ago
      And "experiment ledger export --to jsonl --out copy" has been run
      When I run "experiment ledger verify --data-dir copy"
      Then it ends with exit code 0
      And it prints each of:
        | note (capture-missing) |
        | No damage was found    |

  Rule: Kept work that a row cites is verified with the ledger

    Background:
      Given a finished experiment of two windows

    Example: Unchanged
      When I run "experiment ledger verify"
      Then it ends with exit code 0
      And it does not print "kept work"

    Example: Changed
      Given the kept work of "W0-01" was changed
      When I run "experiment ledger verify"
      Then it ends with exit code 6
      And it prints each of:
        | windows.jsonl: damage (work-changed): captures/ |
        | expected the kept work of W0-01                 |
        | Restore the bundle from a copy                  |
        | Damaged: 1 finding. Nothing was changed.        |

    Example: Gone
      Given the kept work of "W0-01" is gone
      When I run "experiment ledger verify"
      Then it ends with exit code 0
      And it prints each of:
        | windows.jsonl: unchecked (work-missing)                  |
        | that are missing next to the ledger                       |
        | the kept work of W0-01                                   |
        | No damage was found, but not everything could be checked |

  Rule: What an agent printed is cited by its window, and verified with the ledger

    Background:
      Given a finished experiment of two windows

    Example: Cited
      Then the final row of each window cites the file with what its agent printed

    Example: Unchanged
      When I run "experiment ledger verify"
      Then it ends with exit code 0
      And it prints "Whole: every row is what was written"

    Example: Changed
      Given the log of "W0-01" was changed
      When I run "experiment ledger verify"
      Then it ends with exit code 6
      And it prints each of:
        | windows.jsonl: damage (log-changed): captures/  |
        | expected what the agent of W0-01 printed        |
        | Restore the file from a copy                    |
        | Damaged: 1 finding. Nothing was changed.        |

    Example: Changed line ends
      Given the log of "W0-01" got line ends of CR LF
      When I run "experiment ledger verify"
      Then it ends with exit code 6
      And it prints "the lines of the file end in CR LF in place of LF"

    Example: Gone
      Given the log of "W0-01" is gone
      When I run "experiment ledger verify"
      Then it ends with exit code 0
      And it prints each of:
        | windows.jsonl: unchecked (log-missing)                        |
        | 1 of 2, first captures/                                       |
        | what the agent of W0-01 printed                               |
        | No damage was found, but not everything could be checked      |

  Rule: Each run of each role of a team has a file of its own

    @slow
    Example: A review that sends the work back
      Given an experiment of a team whose model has "rework_rounds: 1, solve_probability: 0.3"
      And it has been run with ""
      Then every file that an agent printed to is cited by a final row

  Rule: An uncited capture is removed once no process can be about to cite it

    Example: A day old
      Given a capture of 20000 lines that no row cites, a day old
      When I run "experiment clean"
      Then it ends with exit code 0
      And it prints "1 captures removed."
      And 0 captures are left

    Example: Just written
      Given a capture of 20000 lines that no row cites, a minute old
      When I run "experiment clean"
      Then it prints "0 captures removed."
      And 1 capture is left

    Example: A dry run
      Given a capture of 20000 lines that no row cites, a day old
      When I run "experiment clean --dry-run"
      Then it prints "1 captures would be removed."
      And 1 capture is left

  Rule: The output of agents is removed once their attempts have ended, and the verification then says so

    Example: After a run
      Given a small experiment
      And it has been run with ""
      When I run "experiment clean"
      Then it ends with exit code 0
      And it prints "2 captures removed."
      And 1 capture is left
      And the work of each window is still kept

    Example: After a run, verified
      Given a finished experiment of two windows
      And "experiment clean" has been run
      When I run "experiment ledger verify"
      Then it ends with exit code 0
      And it prints each of:
        | windows.jsonl: unchecked (log-missing)   |
        | 2 of 2                                   |
        | "experiment clean" removes such files    |
