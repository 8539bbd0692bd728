Feature: Budgets of roles
  A role has its own budget in each attempt. An agent that works alone is the implementer.

  Background:
    Given a small experiment with:
      | tokens of an answer | 1000 |

  Rule: A role's budget ends the attempt that reaches it

    Example: The implementer's tokens
      When it is run with "--role-budget implementer=6000"
      Then it ends with exit code 0
      And every window has:
        | outcome | capped |
      And in every window exactly one request is refused by "implementer", the last one
      And every agent got the status 402 with "Spending cap of implementer reached. This run is over."

    @slow
    Example: The smallest of several limits is the one that ends it
      When it is run with "--role-budget implementer=9000 --command-budget /implement=8000 --window-token-budget 6000"
      Then it ends with exit code 0
      And every window has:
        | outcome | capped |
      And in every window exactly one request is refused by "window", the last one

  Rule: A budget for a role that no provider has is refused

    Example: A reviewer, although every agent works alone
      When I run "experiment run --role-budget reviewer=4000"
      Then it ends with exit code 2
      And it says '--role-budget: the budget "reviewer=4000" is for an unknown role. Known roles: implementer.' on stderr
      And nothing is written

    Example: A role without a limit
      Given the variable COUNTERBALANCE_ROLE_BUDGETS is "implementer"
      When I run "experiment plan"
      Then it ends with exit code 2
      And it says "COUNTERBALANCE_ROLE_BUDGETS: expected ROLE=TOKENS" on stderr

  Rule: The plan shows the origin of each role's budget

    Example: From two sources
      Given its file says "budgets: { roles: { implementer: { tokens: 7000, minutes: 20 } } }"
      When I run "experiment plan --role-budget Implementer=6000"
      Then the plan shows the budget:
        | role implementer | 6000 tokens (uncached) | command line         |
        | role implementer | 20 minutes             | file experiment.yaml |
