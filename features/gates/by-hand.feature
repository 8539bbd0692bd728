Feature: Gates over windows worked by hand
  Nobody registered them and nothing was drawn: pairs are a feature worked by the baseline and by another
  provider, in the order in which they were completed, and their cost is what they took of a meter.

  Rule: Completing a window takes the look that it brings

    Example: One look a pair
      Given these windows were worked by hand, with "one" as the baseline:
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
      And the looks count 1, 2, 3, 4 pairs
      And every look has a decision after it with the hash of the gate file
      And the JSON's "candidates.0.figures.costRatio" is between 2.8 and 3.1
      And the JSON's "candidates.0.criteria.0.is_met" is "true"

    Example: Completing it again with the same says nothing new
      Given 3 features were worked by hand, with "one" as the baseline
      When the last window is completed once more
      Then it ends with exit code 0
      And it prints "nothing was written"
      And nothing is added to the ledger

    Example: A corrected quality is another look at as many pairs
      Given 3 features were worked by hand, with "one" as the baseline
      When the last window is completed once more with "--quality 0.5"
      Then it ends with exit code 0
      And the looks count 1, 2, 3, 3 pairs

    Example: The preview shows what the gates say
      Given 3 features were worked by hand, with "one" as the baseline
      When I run "experiment preview --experiment manual"
      Then it ends with exit code 0
      And it prints "two: stay lean after 3 looks, 3 pairs"

    Example: The decision stands with the figures and versions of both
      Given 3 features were worked by hand, with "one" as the baseline
      When I run "experiment gate --experiment manual"
      Then it ends with exit code 10
      And it prints each of:
        | Arm              n  Cost (of the meter, geometric mean)  Quality  Error rate  p95 ms  Versions |
        | one (baseline)   3  30.99                                1.000    n/a         n/a     method by-hand-1 |
        | two (candidate)  3  9.655                                1.000    n/a         n/a     method by-hand-1 |

    Example: The report names the measure and the pairs
      Given 3 features were worked by hand, with "one" as the baseline
      When I run "experiment report --experiment manual"
      Then it ends with exit code 0
      And the report says "- Cost: what was taken of the meter 5h percent"
      And the report has a row "feature-1 | 1 | two | AB | 30.00 | 10.00 | 3.000 | 1.000 | 1.000 | "
      And the report has a row "W0-02 | feature-1 | 1 | 1 | one | 1 | 1 | pass | n/a | 1.000 | 30.00 | "

  Rule: The baseline is said once, or stands in the configuration

    Example: Nobody says
      Given 3 features were worked by hand
      When the last window is completed once more
      Then it ends with exit code 0
      And it prints "no look: nothing says which provider is the baseline"
      And the ledger's "looks" has 0 rows

    Example: The configuration does
      Given an experiment of the whole bank with the providers "two, one"
      And 3 features were worked by hand
      When I run "experiment gate --experiment manual --json"
      Then it ends with exit code 10
      And the JSON's "candidates.0.candidate" is "one"
      And the ledger's "experiments" has 1 rows

    Example: A name that is none
      Given 3 features were worked by hand
      When the last window is completed once more with "--baseline a/b"
      Then it ends with exit code 2
      And it says '--baseline: expected up to 64 letters' on stderr
      And nothing is added to the ledger

  Rule: What can't be compared is not, and the criterion on cost stays unmet

    Example: The meters of two plans
      Given 3 features were worked by hand in the plans of two vendors, with "codex" as the baseline
      When I run "experiment gate --experiment manual --json"
      Then it ends with exit code 10
      And the JSON's "is_cost_comparable" is "false"
      And the JSON's "candidates.0.pairs" is "3"
      And the JSON's "candidates.0.criteria.0.is_met" is "false"
      And the JSON's "candidates.0.figures.costRatio" is "null"

    Example: The report says so
      Given 3 features were worked by hand in the plans of two vendors, with "codex" as the baseline
      When I run "experiment report --experiment manual"
      Then it ends with exit code 0
      And the report says "- Costs can't be compared: the meters are of different plans. The criterion on cost stays unmet."

    Example: A window that took nothing of the meter
      Given these windows were worked by hand, with "one" as the baseline:
        | WINDOW | PROVIDER | FEATURE | USED |
        | W0-01  | one      | search  | 30   |
        | W0-02  | two      | search  | 0    |
      When I run "experiment preview --experiment manual --json"
      Then it ends with exit code 0
      And the JSON's "ran.windows.valid" is "2"
      And the ledger's "looks" has 0 rows

  Rule: Agents that complete windows at once take no look twice

    Example: Three agents, one pair each
      Given the baseline "one" has worked 3 features by hand, and "two" is about to complete them
      When three agents complete the windows of "two" at once
      Then each of them ends with exit code 0
      And every look in the ledger has other data
