Feature: The rehearsal
  A newcomer sees a whole experiment without configuration, network or key.

  Rule: Without a configuration file, the built-in experiment runs

    Example: The first run
      Given the rehearsal has been run where proxies lead nowhere and no key is set
      Then it ends with exit code 0
      And the preview prints "Report: rehearsal (the model was scripted)"
      And the preview prints "Windows: 8 of 8 done"
      And it prints the path of a report that exists
      And 8 windows are final, 4 of each provider, all of them graded

    @spawn @slow
    Example: The built command, on a machine with loopback only
      Given bubblewrap is installed
      When I run "experiment run --seed 42" in a network that has only loopback
      Then it ends with exit code 0
      And the preview prints "Windows: 8 of 8 done"
      And 8 windows are final, 4 of each provider, all of them graded

  Rule: A complete experiment is shown, not run again

    Example: The second call
      Given the rehearsal has been run
      When I run "experiment run --seed 42"
      Then it ends with exit code 0
      And the preview prints "Windows: 8 of 8 done"
      And it prints the path of a report that exists
      And the ledger is unchanged

    Example: The second call of an incomplete experiment
      Given a small experiment
      And it has been run with "--overall-token-budget 0"
      When I run "experiment run"
      Then it ends with exit code 2
      And it says "This experiment was begun: 0 of 2 windows are final. To continue it, add --resume." on stderr
