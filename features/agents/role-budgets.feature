Feature: Budgets of the roles of a team
  A role that has nothing left ends. The workflow says whether the others continue without it.

  Rule: A window is capped only if a role's cap ended its workflow

    @slow
    Example: The critic's tokens, which its workflow can't do without
      Given an experiment of a builder and a critic whose model has "solve_probability: 1"
      And its critic has "budgets: { tokens: 500 }"
      When I run "experiment run"
      Then it ends with exit code 0
      And the window of "team" has:
        | outcome | capped                        |
        | reason  | …The critic budget is spent.… |
      And its turns are:
        | ROLE    | ROUND | END          |
        | builder | 1     | handed_over  |
        | critic  | 1     | budget_spent |

    @slow
    Example: The documenter's tokens, without which the work is complete
      Given an experiment of a team in which the documenter has "budgets: { tokens: 500 }"
      When I run "experiment run"
      Then it ends with exit code 0
      And the window of "team" has:
        | outcome | pass |
      And one row of "anomaly_recorded" has:
        | kind          | role_capped |
        | observed.role | documenter  |

  Rule: Budgets of roles hold over all of their turns in a window

    @slow
    Example: The builder's second turn has what the first one left
      Given an experiment of a builder and a critic whose model has "rework_rounds: 1"
      And its builder has "budgets: { tokens: 6000 }"
      When I run "experiment run"
      Then it ends with exit code 0
      And the window of "team" has:
        | outcome | capped |
      And its turns are:
        | ROLE    | ROUND | END          |
        | builder | 1     | handed_over  |
        | critic  | 1     | handed_over  |
        | builder | 2     | budget_spent |

  Rule: A budget for a role that no workflow has is refused

    Example: A tester
      Given an experiment of a team whose model has "solve_probability: 1"
      When I run "experiment plan --role-budget tester=4000"
      Then it ends with exit code 2
      And it says 'Known roles: implementer, planner, reviewer, documenter.' on stderr
      And nothing is written
