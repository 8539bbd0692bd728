Feature: Gates over manual windows
  Manual windows are not registered or drawn. A pair is a feature with windows of the baseline and of
  another provider, in the order of completion, and its cost is the use of a meter.

  Rule: Completing a window records a look at the new pair

    Example: One look per pair
      Given these manual windows, with "one" as the baseline:
        | WINDOW | PROVIDER | FEATURE | USED |
        | W0-01  | one      | search  | 30   |
        | W0-02  | two      | search  | 10   |
        | W0-03  | two      | export  | 11   |
        | W0-04  | one      | export  | 30   |
        | W0-05  | one      | login   | 29   |
        | W0-06  | two      | login   | 10   |
        | W0-07  | one      | search  | 31   |
        | W0-08  | two      | search  | 10   |
      When I run "experiment gate --experiment manual --json"
      Then it ends with exit code 10
      And the rows of "look_taken" are:
        | n_pairs |
        | 1       |
        | 2       |
        | 3       |
        | 4       |
      And every look has a decision after it with the hash of the gate file
      And the JSON has:
        | candidates.0.figures.costRatio | >= 2.8 |
        | candidates.0.figures.costRatio | <= 3.1 |
        | candidates.0.criteria.0.is_met | true   |

    Example: The same completion again records nothing
      Given 3 features have manual windows, with "one" as the baseline
      When the last window is completed once more
      Then it ends with exit code 0
      And it prints "nothing was written"
      And the ledger is unchanged

    Example: A corrected quality is another look at the same pairs
      Given 3 features have manual windows, with "one" as the baseline
      When the last window is completed once more with "--quality 0.5"
      Then it ends with exit code 0
      And the rows of "look_taken" are:
        | n_pairs |
        | 1       |
        | 2       |
        | 3       |
        | 3       |

    Example: The preview shows the decision of the gates
      Given 3 features have manual windows, with "one" as the baseline
      When I run "experiment preview --experiment manual"
      Then it ends with exit code 0
      And it prints "two: stay lean after 3 looks, 3 pairs"
      And it prints "experiment gate --experiment manual"

    Example: The decision has the figures and versions of both providers
      Given 3 features have manual windows, with "one" as the baseline
      When I run "experiment gate --experiment manual"
      Then it ends with exit code 10
      And it prints each of:
        | Arm              n  Typical cost (of the meter)  Quality  Error rate  p95 ms  Versions         |
        | one (baseline)   3  30.99                        1.000    n/a         n/a     method by-hand-1 |
        | two (candidate)  3  9.655                        1.000    n/a         n/a     method by-hand-1 |

    Example: The report names the measure and the pairs
      Given 3 features have manual windows, with "one" as the baseline
      When I run "experiment report --experiment manual"
      Then it ends with exit code 0
      And the report has the figure "Cost" with "what was taken of the meter 5h percent"
      And the report has a row "feature-1 | 1 | two | AB | 30.00 | 10.00 | 3.000 | 1.000 | 1.000 | "
      And the report has a row "W0-02 | feature-1 | 1 | 1 | one | 1 | 1 | pass | n/a (none was run) | 1.000 | 30.00 | "

  Rule: The baseline is given once, or is in the configuration

    Example: No baseline
      Given 3 features have manual windows
      When the last window is completed once more
      Then it ends with exit code 0
      And it prints "no look: nothing says which provider is the baseline"
      And the ledger has 0 rows of "looks"

    Example: The baseline of the configuration
      Given an experiment of the whole bank with the providers "two, one"
      And 3 features have manual windows
      When I run "experiment gate --experiment manual --json"
      Then it ends with exit code 10
      And the JSON has:
        | candidates.0.candidate | one |
      And the ledger has 1 row of "experiments"

    Example: An invalid name
      Given 3 features have manual windows
      When the last window is completed once more with "--baseline a/b"
      Then it ends with exit code 2
      And it says '--baseline: expected up to 64 letters' on stderr
      And the ledger is unchanged

  Rule: The gates that are recorded first are the registered ones

    Background:
      Given a file "gates.yaml" that says:
        """
        version: 1
        min_pairs: 4
        """

    Example: Gates that are named before the first decision
      Given these manual windows, with "one" as the baseline:
        | WINDOW | PROVIDER | FEATURE | USED |
        | W0-01  | one      | search  | 30   |
      When I run "experiment gate --experiment manual --gates gates.yaml --json"
      Then it ends with exit code 10
      And the JSON has:
        | gates.is_amended           | false |
        | gates.thresholds.min_pairs | 4     |
      And the ledger's "experiments" ends with an amendment of "gates"

    Example: Gates that are named later are only shown
      Given 3 features have manual windows, with "one" as the baseline
      When I run "experiment gate --experiment manual --gates gates.yaml --json"
      Then it ends with exit code 10
      And the JSON has:
        | gates.thresholds.min_pairs                | 3 |
        | not_registered.gates.thresholds.min_pairs | 4 |

  Rule: Incomparable costs are not compared, and the criterion on cost stays unmet

    Example: The meters of two plans
      Given 3 features have manual windows in the plans of two vendors, with "codex" as the baseline
      When I run "experiment gate --experiment manual --json"
      Then it ends with exit code 10
      And the JSON has:
        | is_cost_comparable             | false |
        | candidates.0.pairs             | 3     |
        | candidates.0.criteria.0.is_met | false |
        | candidates.0.figures.costRatio | null  |

    Example: The meters of two accounts of one vendor
      Given 3 features have manual windows in two accounts of one vendor, with "one" as the baseline
      When I run "experiment gate --experiment manual --json"
      Then it ends with exit code 10
      And the JSON has:
        | is_cost_comparable             | false |
        | candidates.0.criteria.0.is_met | false |
        | candidates.0.figures.costRatio | null  |

    Example: Typed readings do not say whose plan they are of
      Given 3 features have manual windows with typed readings, with "one" as the baseline
      When I run "experiment gate --experiment manual --json"
      Then it ends with exit code 10
      And the JSON has:
        | is_cost_comparable             | false |
        | candidates.0.pairs             | 3     |
        | candidates.0.criteria.0.is_met | false |
        | candidates.0.figures.costRatio | null  |

    Example: The report says that they are not comparable
      Given 3 features have manual windows in the plans of two vendors, with "codex" as the baseline
      When I run "experiment report --experiment manual"
      Then it ends with exit code 0
      And the report says "- Costs can't be compared: the readings do not show one plan and limit. The criterion on cost stays unmet."

    Example: A window that did not move the meter
      Given these manual windows, with "one" as the baseline:
        | WINDOW | PROVIDER | FEATURE | USED |
        | W0-01  | one      | search  | 30   |
        | W0-02  | two      | search  | 0    |
      When I run "experiment preview --experiment manual --json"
      Then it ends with exit code 0
      And the JSON has:
        | ran.windows.valid | 2 |
      And the ledger has 0 rows of "looks"

  Rule: Complete, audit, preview and the gate agree on the windows that count

    Background:
      Given 3 features have manual windows, with "one" as the baseline
      And the windows "W0-08, W0-09" of "one, two" were completed without readings

    Example: Complete says what is missing
      When I run "experiment complete --window W0-08 --provider one --feature login --outcome pass --quality 0.5 --methodology by-hand --commit-start 1a2b3c4 --commit-end 5d6e7f8"
      Then it ends with exit code 0
      And it prints each of:
        | does not count yet: no before |
        | does not count yet: no after  |

    Example: The audit says the same
      When I run "experiment audit --window W0-08"
      Then it ends with exit code 1
      And it prints "W0-08 (one): it does not count."
      And it prints "missing: no before"

    Example: So does the preview
      When I run "experiment preview --experiment manual"
      Then it ends with exit code 0
      And below "Needs attention:" it prints "W0-08 (one): no before, no after"
      And below "Needs attention:" it prints "W0-09 (two): no before, no after"

    Example: The preview of one window says it too
      When I run "experiment preview --experiment manual --window W0-08"
      Then it ends with exit code 0
      And it prints "W0-08 (one) does not count: no before, no after."

    Example: The gate counts no such pair
      When I run "experiment gate --experiment manual --json"
      Then it ends with exit code 10
      And the JSON has:
        | candidates.0.pairs    | 3 |
        | candidates.0.arms.0.n | 3 |

    Example: A window whose reading was corrected since counts when it is completed again
      Given "experiment override --provider one --window W0-02 --phase after --meter 5h --used 31 --resets-at 2025-10-19T04:00:00Z" has been run
      When I run "experiment preview --experiment manual"
      Then it ends with exit code 0
      And it prints "W0-02 (one): its readings have changed since it was completed"

  Rule: Processes that complete windows at once never record a look twice

    Example: Three processes, one pair each
      Given the baseline "one" has manual windows of 3 features, and "two" is about to complete its own
      When three processes complete the windows of "two" at once
      Then they end with exit codes "0, 0, 0"
      And every look in the ledger has other data
