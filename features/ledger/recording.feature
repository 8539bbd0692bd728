Feature: Writing the ledger
  Files of rows record what happened. They only grow, one row per line, and each row is on the disk before
  anything depends on it.

  Rule: Each kind of row has its file

    Example: The files of a run
      Given a small experiment
      When it is run with ""
      Then it ends with exit code 0
      And these files hold these rows and no others:
        | experiments     | experiment_registered, session_opened, session_closed |
        | assignments     | feature_assigned                                      |
        | snapshots       | snapshot_taken                                        |
        | windows         | window_opened, window_finalized                       |
        | proxy_telemetry | request_proxied, window_traffic_summed                |
        | budgets         | budget_reserved, budget_debited                       |
        | churn           | churn_measured                                        |
        | looks           | look_taken                                            |
        | decisions       | decision_made                                         |

    Example: Events that do not happen leave no row
      Given a small experiment
      When it is run with ""
      Then it ends with exit code 0
      And the files of anomalies, handoffs and backlog hold nothing

  Rule: A row is a line, and every row is stamped

    Example: Author, time and version of each row
      Given a small experiment
      When it is run with ""
      Then every line of the ledger is one row with an id, a time and a version of its own, and says "automation" as its source

    Example: An agent has the name from its environment
      Given a small experiment
      And the variable AGENT_ID is "agent-7"
      When I run "experiment run --overall-token-budget 0"
      Then it ends with exit code 4
      And every row of the ledger has:
        | agent_id | agent-7 |

  Rule: Written bytes never change

    Example: A second session only appends
      Given a small experiment
      And it has been run with "--overall-token-budget 5000 --command-budget /implement=3000"
      And the ledger is read
      When I run "experiment run --resume --overall-token-budget 5000 --command-budget /implement=3000"
      Then it ends with exit code 4
      And the existing files are unchanged
      And "experiments" and "budgets" hold more than before

    Example: A run with nothing to do appends nothing
      Given a small experiment
      And it has been run with "--command-budget /implement=0"
      And the ledger is read
      When I run "experiment run"
      Then it ends with exit code 1
      And the ledger is unchanged

    Example: Reading the ledger appends nothing
      Given a small experiment
      And it has been run with "--command-budget /implement=0"
      And the ledger is read
      When I run "experiment preview"
      Then it ends with exit code 0
      And the ledger is unchanged

  Rule: A row is on the disk before anything depends on it

    @slow
    Example: At the agent's first request its window is open and read
      Given a small experiment whose upstream reads the ledger at each request
      When I run "experiment run"
      Then it ends with exit code 1
      And at each window's first request the ledger already held:
        | experiments | experiment_registered |
        | experiments | session_opened        |
        | assignments | feature_assigned      |
        | windows     | window_opened         |
        | snapshots   | snapshot_taken        |

  Rule: One ledger can hold many experiments, and keeps them apart

    @slow
    Example: Two seeds are two experiments
      Given a small experiment
      And it has been run with "--seed 1 --command-budget /implement=0"
      When I run "experiment run --seed 2 --command-budget /implement=0"
      Then it ends with exit code 1
      And the ledger holds two experiments of 2 final windows each, and every row names its own

    Example: Each is shown by itself
      Given a small experiment
      And it has been run with "--seed 1 --command-budget /implement=0"
      And "experiment run --seed 2 --overall-token-budget 0" has ended with exit code 4
      When the first experiment is asked for with "experiment preview"
      Then it prints "Windows: 2 of 2 done"
      And it prints the id of the first experiment and not that of the second
