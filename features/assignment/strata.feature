Feature: Strata
  The orders are balanced within each stratum, so that chance can't give one provider all the hard
  tasks first.

  Background:
    Given a bank "bank" with a short copy of every task
    And an experiment of that bank with the providers "one, two"

  Rule: The task's own stratum is the default, and other facts can be named

    Example: By size and language
      Given the bank's tasks say:
        | TASK          | FACT | VALUE |
        | csv-records   | size | small |
        | lru-cache     | size | small |
        | rate-limiter  | size | large |
        | room-bookings | size | large |
      And its file says "design: { strata: [size, language] }"
      When I run "experiment plan --seed 42"
      Then it ends with exit code 0
      And it prints each of:
        | large/typescript: AB 1, BA 1 |
        | small/typescript: AB 1, BA 1 |

    Example: A task without the fact
      Given its file says "design: { strata: [difficulty] }"
      When I run "experiment plan --seed 42"
      Then it ends with exit code 2
      And it is refused with:
        """
        bank/csv-records/task.yaml: expected "difficulty", which design.strata uses, got nothing. Write it there, or leave it out of design.strata.
        """

    Example: A fact that no task has
      Given its file says "design: { strata: [colour] }"
      When I run "experiment plan --seed 42"
      Then it ends with exit code 2
      And it is refused with:
        """
        experiment.yaml:21: expected "design.strata.0" to be "stratum", "size", "difficulty", "language" or "peak_hours", got "colour". Write by what to balance, e.g. [size, language].
        """
