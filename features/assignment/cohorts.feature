Feature: Tasks added later
  A bank grows. Tasks added to a registered experiment are a new cohort, drawn from its own streams.
  Earlier assignments and measurements stay as they are.

  Background:
    Given a bank "bank" with a short copy of the task "lru-cache"
    And an experiment of that bank with the providers "one, two"
    And it has been run to its end
    And a bank "bank" with a short copy of the task "rate-limiter"

  Rule: The experiment continues with the new tasks

    @slow
    Example: One more task
      When it is run with "--extend" and its id
      Then it ends with exit code 0
      And the ledger holds 2 registrations of one experiment
      And the rows of "window_finalized" are:
        | feature_id   | window |
        | lru-cache    | W0-01  |
        | lru-cache    | W0-02  |
        | rate-limiter | W0-03  |
        | rate-limiter | W0-04  |
      And the rows of "window_finalized" are:
        | period |
        | 1      |
        | 2      |
        | 1      |
        | 2      |

    @slow
    Example: Extended again without a new task
      Given it has been run with "--extend" and its id
      When it is run with "--extend" and its id
      Then it ends with exit code 0
      And the ledger holds 2 registrations of one experiment
      And the preview prints "Windows: 4 of 4 done"

    @slow
    Example: Resumed without --extend
      Given it has been run with "--extend" and its id
      When I run "experiment run --seed 42 --resume"
      Then it ends with exit code 2
      And it says ": add --extend " on stderr

    Example: Without --extend it is another experiment
      When I run "experiment plan --seed 42 --json"
      Then it ends with exit code 0
      And it plans another experiment than the ledger's

    Example: The plan checks the balance of each cohort by itself
      When it is planned with "--extend" and its id
      Then it ends with exit code 0
      And it prints "  small: AB "
      And it prints "  small, cohort 2: AB "
      And it does not print "not as blocks promise"
      And the balance of the plan is of 1 matched set in each of "small; small, cohort 2"

    @slow
    Example: The report names the cohorts
      Given it has been run with "--extend" and its id
      When I run "experiment report"
      Then it ends with exit code 0
      And the report says "| Stratum | Cohort | Digest (SHA-256)"
      And one row of "feature_assigned" has:
        | feature_id | rate-limiter |
        | cohort     | 2            |
      And one row of "feature_assigned" has:
        | feature_id | lru-cache |
        | cohort     | none      |

    Example: The report of an experiment that was not extended does not
      When I run "experiment report"
      Then it ends with exit code 0
      And the report does not say "Cohort"

  Rule: Nothing but tasks may be added

    Example: Another model
      Given the file "experiment.yaml" is changed:
        | TEXT       | INSTEAD    |
        | model: one | model: two |
      When it is run with "--extend" and its id
      Then it ends with exit code 2
      And it says "expected the registered question with tasks added to it, got another one: providers" on stderr

    Example: An edited task
      Given "bank/lru-cache/feature.feature" ends with another line
      When it is run with "--extend" and its id
      Then it ends with exit code 2
      And it says "the task lru-cache changed" on stderr

    Example: An experiment that is not in the ledger
      When I run "experiment run --seed 42 --extend 000000000000"
      Then it ends with exit code 2
      And it says "--extend 000000000000: expected an experiment of this ledger" on stderr
