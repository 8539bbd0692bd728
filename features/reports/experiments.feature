Feature: Several experiments in one ledger
  A data folder can hold many experiments. Commands that read show the latest one, or the one that is named.

  Rule: The latest is shown unless one is named

    Background:
      Given the rehearsal has been run
      And a small experiment has been refused by its budget after it

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
