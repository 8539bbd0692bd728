Feature: Costs that do not vary
  Real runs vary. If the cost ratios of three or more pairs do not, the data were probably replayed. The
  ledger names the windows, the affected figures are marked, and no gate opens on them.

  Rule: Constant costs are an anomaly that names the windows

    Example: Each look names the windows that it added
      Given a session of 4 pairs, in which:
        | cheap | is 3 times cheaper |
        | cheap | spends the same in every window |
      When I run "experiment gate"
      Then it ends with exit code 10
      And the anomalies "degenerate-variance" on record name 6 and 2 windows
      And it prints "- zero_variance: The cost ratios do not vary at all, as if data had been replayed."

    Example: Two pairs are not enough
      Given a session of 2 pairs, in which:
        | cheap | is 3 times cheaper |
        | cheap | spends the same in every window |
      When I run "experiment gate"
      Then it ends with exit code 10
      And no anomaly is recorded

    Example: Costs that vary
      Given a session of 4 pairs, in which:
        | cheap | is 3 times cheaper |
      When I run "experiment preview"
      Then it ends with exit code 0
      And no anomaly is recorded
      And it does not print "†"

    Example: A resumed session records nothing new
      Given a session of 4 pairs, in which:
        | cheap | is 3 times cheaper |
        | cheap | spends the same in every window |
      When the session continues
      Then the anomalies "degenerate-variance" on record name 6 and 2 windows

  Rule: Affected figures are marked

    Example: In the preview
      Given a session of 3 pairs, in which:
        | cheap | is 3 times cheaper |
        | cheap | spends the same in every window |
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints "Anomalies: 1 ("
      And the preview's lines carry these marks:
        | LINE       | MARKS |
        | Outcomes:  | †1    |
        | Cost ratio, not | †1    |
        | cheap: sta | †1    |

    Example: In the report
      Given a session of 3 pairs, in which:
        | cheap | is 3 times cheaper |
        | cheap | spends the same in every window |
      When I run "experiment report"
      Then it ends with exit code 0
      And the report says "| degenerate-variance |"
      And the report says "W0-01, W0-02, W0-03, W0-04, W0-05, W0-06"

    Example: For manual windows
      Given these manual windows, with "one" as the baseline:
        | WINDOW | PROVIDER | FEATURE | USED |
        | W0-01  | one      | search  | 30   |
        | W0-02  | two      | search  | 10   |
        | W0-03  | two      | export  | 10   |
        | W0-04  | one      | export  | 30   |
        | W0-05  | one      | login   | 30   |
        | W0-06  | two      | login   | 10   |
      When I run "experiment preview --experiment manual"
      Then it ends with exit code 0
      And it prints "Anomalies: 1 ("
