Feature: Complete windows
  Invariant 7. A final window names its first and last commits and its methodology. A window without one
  of them is incomplete and counts in no decision.

  Background:
    Given codex was read before "W0-07" at "10:00":
      | METER | SHOWN    | RESETS |
      | 5h    | 11% used | 13:01  |
    And codex was read after "W0-07" at "11:00":
      | METER | SHOWN    | RESETS |
      | 5h    | 17% used | 13:01  |

  Rule: A window without commits or methodology is incomplete

    Example: Everything is there
      When I run "experiment complete --window W0-07 --feature lru-cache --outcome pass --quality 0.9 --methodology by-hand --commit-start 1a2b3c4 --commit-end 5d6e7f8"
      Then it ends with exit code 0
      And it does not print "does not count yet"
      And no anomaly is recorded
      And 1 of 1 windows count

    Example: The methodology and a commit are missing
      When I run "experiment complete --window W0-07 --feature lru-cache --outcome pass --quality 0.9 --commit-start 1a2b3c4"
      Then it ends with exit code 0
      And it prints each of:
        | does not count yet: no commit_end  |
        | does not count yet: no methodology |
      And the anomalies on record are:
        | KIND       | WINDOW | TOUCHES          |
        | incomplete | W0-07  | window_finalized |
      And 0 of 1 windows count

    Example: The preview names the window and all that it lacks
      Given the window "W0-07" was completed with "--feature lru-cache --outcome pass"
      When I run "experiment preview --experiment manual"
      Then it ends with exit code 0
      And it prints "W0-07 (codex): no commit_start, no commit_end, no methodology, no quality"
      And it does not print "period 1: 1 incomplete"

    Example: The missing values are added later
      Given the window "W0-07" was completed with "--feature lru-cache --outcome pass --quality 0.9"
      And the window "W0-07" was completed with "--feature lru-cache --outcome pass --quality 0.9 --methodology m --commit-start 1a2b3c4 --commit-end 5d6e7f8"
      When I run "experiment audit --window W0-07"
      Then it ends with exit code 0
      And it prints "W0-07 (codex): it counts."
      And 1 of 1 windows count

    Example: A window that was corrected needs no attention
      Given the window "W0-07" was completed with "--feature lru-cache --outcome pass --quality 0.9"
      And the window "W0-07" was completed with "--feature lru-cache --outcome pass --quality 0.9 --methodology m --commit-start 1a2b3c4 --commit-end 5d6e7f8"
      When I run "experiment preview --experiment manual"
      Then it ends with exit code 0
      And it prints "Needs attention: nothing"
      And it prints "Anomalies: 0 (past: 1, of rows that were corrected or undone)"

    Example: The correction counts no anomaly of the row that it corrects
      Given the window "W0-07" was completed with "--feature lru-cache --outcome pass --quality 0.9"
      When I run "experiment complete --window W0-07 --provider codex --feature lru-cache --outcome pass --quality 0.9 --methodology m --commit-start 1a2b3c4 --commit-end 5d6e7f8"
      Then it ends with exit code 0
      And it does not print "anomalies:"

    Example: A window that still lacks its commits needs attention
      Given the window "W0-07" was completed with "--feature lru-cache --outcome pass --quality 0.9"
      And the window "W0-07" was completed with "--feature lru-cache --outcome pass --quality 0.9 --methodology m"
      When I run "experiment preview --experiment manual"
      Then it ends with exit code 0
      And below "Needs attention:" it prints "Anomalies: 1 (incomplete 1; see preview --explain anomalies)"

  Rule: No score is assumed

    Example: A window without a quality does not count
      When I run "experiment complete --window W0-07 --feature lru-cache --outcome pass --methodology m --commit-start 1a2b3c4 --commit-end 5d6e7f8"
      Then it ends with exit code 0
      And it prints "does not count yet: no quality"
      And 0 of 1 windows count

    Scenario Outline: The quality <MARK> is refused
      When I run "experiment complete --window W0-07 --feature lru-cache --outcome pass --quality <MARK>"
      Then it ends with exit code 2
      And it says "--quality: expected the share of acceptance scenarios that passed, 0 to 1" on stderr
      And the ledger is unchanged

      Examples:
        | MARK |
        | 4    |
        | 5    |
        | 1.01 |
        | 90%  |
        | good |

    Example: An invalid outcome
      When I run "experiment complete --window W0-07 --feature lru-cache --outcome great --quality 1"
      Then it ends with exit code 2
      And it says "--outcome: expected one of pass, partial, fail" on stderr
      And the ledger is unchanged

  Rule: An audit says what a window lacks to count

    Example: A window that has only begun
      Given codex was read before "W0-08" at "12:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 17% used | 13:01  |
      When I run "experiment audit --window W0-08"
      Then it ends with exit code 1
      And it prints each of:
        | W0-08 (codex): it does not count.     |
        | missing: no after                     |
        | missing: not completed                |
      And the ledger is unchanged

    Example: A repaired fault is reported as past
      Given the window "W0-07" was completed with "--feature lru-cache --outcome pass --quality 1"
      And the window "W0-07" was completed with "--feature lru-cache --outcome pass --quality 1 --methodology m --commit-start 1a2b3c4 --commit-end 5d6e7f8"
      When I run "experiment audit --window W0-07"
      Then it ends with exit code 0
      And it prints "anomaly incomplete, of a row that was corrected or undone since"
      And it does not print "counts in no decision"

    Example: A window that has not begun
      When I run "experiment audit --window W0-99"
      Then it ends with exit code 2
      And it says "got one that no row names" on stderr

  Rule: Churn is counted between a window's commits

    Example: The lines and files of a repository
      Given a repository with two commits
      When I run "experiment churn --window W0-07 --repo project --commit-start HEAD~1 --commit-end HEAD"
      Then it ends with exit code 0
      And it prints "W0-07 (codex): 1 file, +2 -1 lines, net +1."

    Example: Renamed and binary files, each once
      Given a repository whose second commit renames a file and adds an image
      When I run "experiment churn --window W0-07 --repo project --commit-start HEAD~1 --commit-end HEAD --scenarios 2"
      Then it ends with exit code 0
      And it prints "W0-07 (codex): 2 files (1 binary, 1 renamed), +1 -0 lines, net +1, +0.5 a scenario."

    Example: By feature, over all windows
      Given a repository with two commits
      And "experiment churn --window W0-07 --repo project --commit-start HEAD~1 --commit-end HEAD --scenarios 4" has been run
      And the window "W0-07" was completed with "--feature lru-cache --outcome fail"
      When I run "experiment churn --by-feature"
      Then it ends with exit code 0
      And it prints a row "lru-cache codex +1 +0.3 4 2 1 1"

    Example: The end is a commit before the start
      Given a repository with two commits
      When I run "experiment churn --window W0-07 --repo project --commit-start HEAD --commit-end HEAD~1"
      Then it ends with exit code 2
      And it says "--commit-end: expected a commit after" on stderr
      And the ledger is unchanged

    Example: A commit that does not exist
      Given a repository with two commits
      When I run "experiment churn --window W0-07 --repo project --commit-start HEAD~9 --commit-end HEAD"
      Then it ends with exit code 2
      And it says "--commit-start HEAD~9: expected a commit of" on stderr
      And the ledger is unchanged
