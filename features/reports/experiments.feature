Feature: Several experiments in one ledger
  A data folder can hold many experiments. Commands that read show the latest one, or the one that is named.

  Rule: The latest is shown unless one is named

    Background:
      Given the rehearsal has been run
      And a small experiment
      And "experiment run --overall-token-budget 0" has ended with exit code 4

    Scenario Outline: <COMMAND>
      When I run "experiment <COMMAND>"
      Then it ends with exit code 0
      And it prints "small (the model was scripted)"
      And it does not print "rehearsal"

      Examples:
        | COMMAND       |
        | preview       |
        | report --json |

    Scenario Outline: <COMMAND> of the first
      When the first experiment is asked for with "experiment <COMMAND>"
      Then it ends with exit code 0
      And it prints "rehearsal (the model was scripted)"
      And it does not print "small (the model"

      Examples:
        | COMMAND        |
        | preview        |
        | preview --json |
        | report --json  |

    Example: An unknown experiment
      When I run "experiment report --experiment 000000000000"
      Then it ends with exit code 2
      And it says "--experiment 000000000000: the ledger holds no such experiment. It holds: " on stderr
      And it names both experiments on stderr

  Rule: A configuration names the latest experiment that was run with it

    Background:
      Given the rehearsal has been run
      And a small experiment
      And "experiment run --overall-token-budget 0" has ended with exit code 4

    Scenario Outline: <COMMAND>
      Given a small experiment in "other.yaml"
      When I run "experiment run --config other.yaml --seed 2 --overall-token-budget 0"
      And I run "experiment <COMMAND>"
      Then it ends with exit code 0
      And it prints '<SEED>'

      Examples:
        | COMMAND                                | SEED             |
        | report --json --config other.yaml      | "seed": "2"      |
        | report --json --config experiment.yaml | "seed": "1"      |
        | preview --config ./experiment.yaml     | --seed 1         |

    Example: It was run with none
      When I run "experiment preview --config other.yaml"
      Then it ends with exit code 2
      And it says "--config other.yaml: the ledger holds no experiment that was run with it. Its experiments: the rehearsal, experiment.yaml. Run it first: experiment run --config other.yaml" on stderr

  Rule: Without a ledger there is nothing to show

    Scenario Outline: <COMMAND>
      When I run "experiment <COMMAND>"
      Then it ends with exit code 2
      And it is refused with:
        """
        .experiment/ledger: there is no ledger here. Run "experiment run" first, or name its folder with --data-dir.
        """
      And nothing is written

      Examples:
        | COMMAND |
        | preview |
        | report  |
        | clean   |
