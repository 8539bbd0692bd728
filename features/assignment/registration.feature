Feature: The pre-registration
  The question is frozen before its first window, so that no result can bend it.

  Rule: The plan is registered before anything is measured

    Example: The rehearsal
      Given the rehearsal has been run
      Then its registration was written before its first window was opened, and has the hashes of its canonical JSON

  Rule: A change of the question makes another experiment

    Example: Another seed
      Given what "experiment plan --seed 42 --json" prints
      When I run "experiment plan --seed 43 --json"
      Then it ends with exit code 0
      And it plans another experiment

    Example: Another model
      Given a small experiment
      And what "experiment plan --json" prints
      And the file "experiment.yaml" is changed:
        | TEXT | INSTEAD |
        | name: small | name: other |
      When I run "experiment plan --json"
      Then it ends with exit code 0
      And it plans another experiment

    Example: A task that was edited
      Given a bank "bank" with a short copy of the task "lru-cache"
      And a small experiment with:
        | bank | bank |
      And what "experiment plan --json" prints
      And "bank/lru-cache/feature.feature" ends with another line
      When I run "experiment plan --json"
      Then it ends with exit code 0
      And it plans another experiment

  Rule: Budgets and limits may change: that is an amendment of the same experiment

    Example: The plan under other budgets
      Given what "experiment plan --seed 42 --json" prints
      When I run "experiment plan --seed 42 --overall-token-budget 5 --budget-enforcement-mode warn --json"
      Then it ends with exit code 0
      And it plans the same experiment

    @slow
    Example: A run that continues under another budget
      Given a small experiment
      And it has been run with "--overall-token-budget 0"
      When I run "experiment run --resume --overall-token-budget 500000"
      Then it ends with exit code 0
      And the ledger has 1 row of "experiment_registered"
      And the ledger holds an amendment of "budgets" alone

    Example: A run that continues under the same budget
      Given a small experiment
      And it has been run with "--overall-token-budget 0"
      When I run "experiment run --resume --overall-token-budget 0"
      Then it ends with exit code 4
      And the ledger has 2 rows of "session_opened"
      And the ledger has 0 rows of "experiment_amended"
