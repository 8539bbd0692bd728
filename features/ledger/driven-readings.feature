Feature: Readings of driven windows
  The session of `experiment run` takes its readings under the same invariants as an operator: one before
  and one after, and none shortly after a reset without a mark.

  Rule: A second reading is refused, no matter which process took the first

    Example: One before and one after for every window
      Given a small experiment
      When it is run with ""
      Then it ends with exit code 0
      And every window has one before and then one after

    Example: Another process has taken the before
      Given a small experiment
      And it has been run with "--overall-token-budget 0"
      And another process has taken the before of "W0-01"
      When I run "experiment run --resume --overall-token-budget unlimited"
      Then it ends with exit code 3
      And it says 'expected one "before", got a second one' on stderr
      And the ledger has 1 row of "snapshot_taken"

    @slow
    Example: The next attempt has readings of its own
      Given a small experiment
      And it has been run with "--overall-token-budget 0"
      And another process has taken the before of "W0-01"
      And "experiment run --resume --overall-token-budget unlimited" has ended with exit code 3
      When I run "experiment run --resume --overall-token-budget unlimited"
      Then it ends with exit code 0
      And the ledger has 5 rows of "snapshot_taken"

  Rule: An after shortly after a reset is marked as late

    @slow
    Example: The vendor reports a reset a minute ago
      Given a small experiment of one feature, twice
      And its vendor reports a reset of its five hours a minute ago with each answer
      When I run "experiment run"
      Then it ends with exit code 0
      And each window has the anomaly "late-after"
      And the last row of "snapshot_taken" has:
        | notes | …late-after… |

    @slow
    Example: The reset is an hour ahead
      Given a small experiment of one feature, twice
      And its vendor reports 2 percent more use of its five hours with each answer
      When I run "experiment run"
      Then it ends with exit code 0
      And no anomaly is recorded
