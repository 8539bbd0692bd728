Feature: Reproducing a report
  The command in a report asks the same question again.

  Rule: The command names everything that the question depends on

    Example: The rehearsal, without a configuration file
      Given the rehearsal has been run
      Then the report says to reproduce it with "experiment run --seed 42"
      And that command plans the same experiment

    Example: A configuration file and limits of the command line
      Given a small experiment in "my plans/second.yaml"
      When I run "experiment run --config my\ plans/second.yaml --seed 7 --budget-basis all --overall-token-budget 0"
      Then it ends with exit code 4
      And the report says to reproduce it with "experiment run --seed 7 --config 'my plans/second.yaml' --overall-token-budget 0 --budget-basis all"
      And that command plans the same experiment

    Example: A limit of the environment
      Given a small experiment
      And the variable COUNTERBALANCE_OVERALL_TOKEN_BUDGET is "0"
      When I run "experiment run"
      Then it ends with exit code 4
      And the report says to reproduce it with "experiment run --seed 1 --config experiment.yaml --overall-token-budget 0"
