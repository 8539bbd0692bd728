Feature: Limits of tokens
  A limit comes from the command line, the environment or the file. Each limit and its origin are shown
  before anything is spent.

  Background:
    Given a small experiment

  Rule: The nearest source wins, and the plan names it

    Example: The command line wins over the environment and the file
      Given its file says "budgets: { overall: { tokens: 400000 } }"
      And the variable COUNTERBALANCE_OVERALL_TOKEN_BUDGET is "300000"
      When I run "experiment plan --overall-token-budget 200000"
      Then the plan shows the budget:
        | overall | 200000 tokens (uncached) | command line |

    Example: The environment wins over the file
      Given its file says "budgets: { overall: { tokens: 400000 } }"
      And the variable COUNTERBALANCE_OVERALL_TOKEN_BUDGET is "300000"
      When I run "experiment plan"
      Then the plan shows the budget:
        | overall | 300000 tokens (uncached) | environment COUNTERBALANCE_OVERALL_TOKEN_BUDGET |

    Example: A variable with an unknown name is refused
      Given the variable COUNTERBALANCE_COMMAND_BUDGET is "/implement=60000"
      When I run "experiment run"
      Then it ends with exit code 2
      And it says "environment COUNTERBALANCE_COMMAND_BUDGET: expected the name of a budget, got an unknown name." on stderr
      And nothing is written

    Example: The file wins over the defaults
      Given its file says "budgets: { overall: { tokens: 400000 }, mode: warn }"
      When I run "experiment plan"
      Then the plan shows the budget:
        | mode    | warn                     | file experiment.yaml |
        | basis   | uncached                 | default              |
        | overall | 400000 tokens (uncached) | file experiment.yaml |

    Example: Without any source nothing is limited
      When I run "experiment plan"
      Then the plan shows the budget:
        | mode    | block     | default |
        | overall | unlimited | default |

    Example: The mode and the commands have their own sources
      Given its file says "budgets: { commands: { implement: { tokens: 70000 } } }"
      And the variable COUNTERBALANCE_COMMAND_BUDGETS is "/implement=60000"
      When I run "experiment plan --budget-enforcement-mode warn"
      Then the plan shows the budget:
        | mode       | warn                    | command line                               |
        | /implement | 60000 tokens (uncached) | environment COUNTERBALANCE_COMMAND_BUDGETS |

    Example: Every unit, and the settings for all of them
      When I run "experiment run --dry-run --overall-minutes-budget 90 --window-token-budget 50000 --period-token-budget 500000 --period 5h --budget-basis all --budget-cut hard --disable-budget-visuals"
      Then the plan shows the budget:
        | basis   | all                       | command line |
        | type    | mixed                     | default      |
        | cut     | hard                      | command line |
        | bars    | no                        | command line |
        | period  | 5h                        | command line |
        | overall | 90 minutes                | command line |
        | window  | 50000 tokens (all)        | command line |
        | period  | 500000 tokens (all) in 5h | command line |
      And nothing is written

    Example: Every scope has an option for every unit
      Given its file says "prices: { model-a: { input: 1, output: 1 }, model-b: { input: 1, output: 1 } }"
      When I run "experiment plan --command-minutes-budget /implement=20 --role-cost-budget implementer=2 --role-minutes-budget implementer=15 --window-cost-budget 3 --window-minutes-budget 25"
      Then the plan shows the budget:
        | /implement       | 20 minutes | command line |
        | role implementer | $2.00      | command line |
        | role implementer | 15 minutes | command line |
        | window           | $3.00      | command line |
        | window           | 25 minutes | command line |

    Example: Each option has its variable
      Given the variable COUNTERBALANCE_COMMAND_MINUTES_BUDGETS is "/implement=20"
      And the variable COUNTERBALANCE_ROLE_MINUTES_BUDGETS is "implementer=15"
      And the variable COUNTERBALANCE_WINDOW_MINUTES_BUDGET is "25"
      When I run "experiment plan --window-minutes-budget 30"
      Then the plan shows the budget:
        | /implement       | 20 minutes | environment COUNTERBALANCE_COMMAND_MINUTES_BUDGETS |
        | role implementer | 15 minutes | environment COUNTERBALANCE_ROLE_MINUTES_BUDGETS    |
        | window           | 30 minutes | command line                                       |

    Example: "unlimited" on the command line wins over the file
      Given its file says "budgets: { overall: { tokens: 400000 }, commands: { implement: { tokens: 70000 } } }"
      When I run "experiment plan --overall-token-budget unlimited --command-budget implement=unlimited"
      Then the plan shows the budget:
        | overall    | unlimited | command line |
        | /implement | unlimited | command line |

    Example: A window's limits of time and pace have an origin too
      Given its file says "limits: { window_minutes: 30, requests_per_s: 20 }"
      When I run "experiment plan"
      Then it prints "Every window: at most 30m (file experiment.yaml), 5m without a sign of life (default), 20 requests a second (file experiment.yaml)"

    Example: A dry run shows the same
      When I run "experiment run --dry-run --overall-token-budget 200000"
      Then the plan shows the budget:
        | overall | 200000 tokens (uncached) | command line |
      And nothing is written

  Rule: A command is matched by its base

    Scenario Outline: <NAMED> limits every window with an implement command
      When I run "experiment plan --command-budget <NAMED>=40000"
      Then the plan shows the budget:
        | /implement | 40000 tokens (uncached) | command line |

      Examples:
        | NAMED                |
        | /implement           |
        | implement            |
        | /Implement           |
        | /implement\ anything |

  Rule: An impossible value is refused with a remedy before anything is written

    Scenario Outline: <OPTIONS>
      When I run "experiment run <OPTIONS>"
      Then it ends with exit code 2
      And it says '<NAMED>' on stderr
      And it says '<MEND>' on stderr
      And nothing is written

      Examples:
        | OPTIONS                                                    | NAMED                                       | MEND                                        |
        | --overall-token-budget -5                                  | --overall-token-budget: expected            | got "-5". Write 0 to allow nothing          |
        | --overall-token-budget 10k\ tokens                         | --overall-token-budget: expected            | got "10k tokens". Write digits only: 10000. |
        | --overall-token-budget=                                    | --overall-token-budget: expected            | got "". Write 0 to allow nothing            |
        | --overall-token-budget 1.5                                 | --overall-token-budget: expected            | got "1.5". Write digits only                |
        | --command-budget /implement                                | --command-budget: expected                  | got "/implement". Write e.g.                |
        | --command-budget /implement=-5                             | --command-budget (/implement)               | got "-5". Write 0 to allow nothing          |
        | --command-budget implement=5 --command-budget /implement=6 | a second one for "/implement"               | Leave one of them out.                      |
        | --command-budget /review=4000                              | --command-budget: the budget "/review=4000" | Known commands: /implement. Write one of them |
        | --budget-enforcement-mode loud                             | --budget-enforcement-mode: expected         | got "loud". Write one of the two.           |

    Example: An empty variable does not mean "unlimited"
      Given the variable COUNTERBALANCE_OVERALL_TOKEN_BUDGET is ""
      When I run "experiment run"
      Then it ends with exit code 2
      And it says "COUNTERBALANCE_OVERALL_TOKEN_BUDGET: expected" on stderr
      And nothing is written

    Example: A mistake in a losing source is still refused
      Given the variable COUNTERBALANCE_OVERALL_TOKEN_BUDGET is "plenty"
      When I run "experiment run --overall-token-budget 200000"
      Then it ends with exit code 2
      And it says 'got "plenty". Write digits only' on stderr
      And nothing is written

    Example: A file's limit is refused with its line
      Given its file says "budgets: { overall: { tokens: -5 } }"
      When I run "experiment run"
      Then it ends with exit code 2
      And it says the line of "budgets:" in "experiment.yaml" on stderr
      And it says "-5" on stderr
      And nothing is written

  Rule: The plan says if no window fits its budget

    Scenario Outline: <BUDGET>
      When I run "experiment plan <BUDGET>"
      Then it ends with exit code 0
      And it prints "<REASON>"

      Examples:
        | BUDGET                                                                   | REASON                                                                                                                                                              |
        | --overall-token-budget 1000                                              | No window fits its budget. W0-01 and W0-02 may take 240000 tokens; of the overall budget of 1000, 1000 are left. Raise --overall-token-budget.                           |
        | --overall-minutes-budget 0                                               | No window fits its budget. The overall budget of 0 minutes allows nothing: W0-01 and W0-02 can't start. Raise --overall-minutes-budget.                                  |
        | --period-token-budget 3000 --period 5h --command-budget /implement=4000 | No window fits its budget. W0-01 may take 4000 tokens, and the period's budget is 3000 in 5h: it never fits.                                                             |
        | --window-token-budget 100                                                | No window fits its budget. A window has 100 tokens, and its agent's first request takes more than |
        | --command-budget /implement=0                                            | No window fits its budget. A budget of 0 lets no window send a request.                                                                                             |

    Scenario Outline: It says nothing with <BUDGET>
      When I run "experiment plan <BUDGET>"
      Then it ends with exit code 0
      And it does not print "No window fits"

      Examples:
        | BUDGET                                                    |
        | --overall-token-budget 240000                             |
        | --overall-token-budget 0 --budget-enforcement-mode warn   |
        | --command-budget /implement=0 --budget-enforcement-mode warn |
