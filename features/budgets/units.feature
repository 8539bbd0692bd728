Feature: Budgets in dollars and minutes
  A limit counts tokens, dollars or minutes. Several limits hold together, and the first one reached
  decides. No limit counts something that can't be measured.

  Rule: A limit of dollars works like one of tokens

    Background:
      Given a small experiment whose thousand tokens cost 1 dollar

    Example: A command's dollars end the window that reaches them
      When it is run with "--command-cost-budget /implement=6"
      Then it ends with exit code 0
      And every window has:
        | outcome | capped |
      And in every window exactly one request is refused by "/implement", the last one
      And every agent got the status 402 with "Spending cap of implement reached. This run is over."
      And at every reservation at most 6 dollars of its own attempt are spent or reserved

    Example: The terminal and the ledger name the budget and its use
      When it is run with "--command-cost-budget /implement=6"
      Then it says "W0-01: refused by the /implement budget: $" on stderr
      And every row of "budget_refused" has:
        | unit   | usd        |
        | budget | /implement |
        | limit  | 6          |

    Example: A window starts only if the overall dollars have room for it
      When it is run with "--overall-cost-budget 1 --command-cost-budget /implement=0.75"
      Then it ends with exit code 4
      And it says "Stopped by a budget: W0-01 and W0-02 may take $1.50; of the overall budget of $1.00, $1.00 are left." on stderr
      And it says "Raise --overall-cost-budget and continue with --resume." on stderr
      And no window is opened and no request is sent

    Example: The debited dollars equal the cost of the requests
      When it is run with ""
      Then the debited dollars are what the requests cost, to the nano-dollar

  Rule: A model without a price is refused under a budget of dollars

    Scenario Outline: <OPTION>
      Given a small experiment
      When I run "experiment run <OPTION>"
      Then it ends with exit code 2
      And it says "<OPTION_NAME>: expected a price for every model under a budget of dollars, got none for model-a (first), model-b (second)." on stderr
      And nothing is written

      Examples:
        | OPTION                             | OPTION_NAME           |
        | --overall-cost-budget 5            | --overall-cost-budget |
        | --command-cost-budget /implement=5 | --command-cost-budget |

  Rule: The first limit reached ends the work, unless only one kind holds

    Background:
      Given a small experiment whose thousand tokens cost 1 dollar

    Scenario Outline: <WHAT>
      When it is run with "--budget-parameter-type <TYPE> --command-budget /implement=<TOKENS> --command-cost-budget /implement=<DOLLARS>"
      Then it ends with exit code 0
      And every window has:
        | outcome | capped |
      And every row of "budget_refused" has:
        | unit   | <UNIT>     |
        | budget | /implement |
        | limit  | <LIMIT>    |

      Examples:
        | WHAT                     | TYPE  | TOKENS | DOLLARS | UNIT   | LIMIT |
        | Both, and tokens are hit | mixed | 6000   | 100     | tokens | 6000  |

      @slow
      Examples:
        | WHAT                      | TYPE  | TOKENS | DOLLARS | UNIT | LIMIT |
        | Dollars alone             | cost  | 1000   | 6       | usd  | 6     |
        | Both, and dollars are hit | mixed | 100000 | 6       | usd  | 6     |

    Example: The plan says which limits do not hold
      When I run "experiment plan --overall-token-budget 5 --overall-cost-budget 0.5 --budget-parameter-type tokens"
      Then the plan shows the budget:
        | type    | tokens               | command line |
        | overall | 5 tokens (uncached)  | command line |
        | overall | $0.50, does not hold | command line |

    Example: A type that would leave no limit at all
      When I run "experiment run --overall-token-budget 5 --budget-parameter-type cost"
      Then it ends with exit code 2
      And it says "--budget-parameter-type: expected a limit of dollars" on stderr
      And nothing is written

  Rule: A limit of minutes stops the work even without requests

    @slow
    Example: A window's time is its cap
      Given a small experiment with:
        | ms before an answer | 1500 |
      And its file says "budgets: { window: { minutes: 0.1 } }"
      When it is run with ""
      Then it ends with exit code 0
      And every window has:
        | outcome | capped |
      And every row of "budget_refused" has:
        | unit   | minutes |
        | budget | window  |
        | limit  | 0.1     |
      And every attempt is debited at least 0.1 minutes

    Example: A session without any time
      Given a small experiment
      When it is run with "--overall-minutes-budget 0"
      Then it ends with exit code 4
      And it says "Stopped by a budget: The overall budget of 0 minutes allows nothing: W0-01 and W0-02 can't start. Raise --overall-minutes-budget and continue with --resume." on stderr
      And no window is opened and no request is sent

    Example: A command without any time
      Given a small experiment
      When it is run with "--command-minutes-budget /implement=0"
      Then it ends with exit code 1
      And every window has:
        | outcome | no_spend |
      And it says "W0-01: refused by the /implement budget of 0 minutes, which allows nothing." on stderr
      And it does not say "% of the /implement budget" on stderr

    @slow
    Example: The session's time ends the session
      Given a small experiment with:
        | ms before an answer | 20000 |
      When it is run with "--overall-minutes-budget 0.03"
      Then it ends with exit code 4
      And it says "of 0.03 minutes used." on stderr
      And it says "Stopped by a budget: The overall budget is spent." on stderr
      And no window is final

  Rule: The basis says which tokens count

    Example: Billable tokens weight caches by their price
      Given a small experiment whose thousand tokens cost 1 dollar
      When it is run with "--budget-basis billable"
      Then the debits add up to the tokens by their price against plain input

    Example: A model without a price counts in full, with a remark
      Given a small experiment
      When it is run with "--budget-basis billable"
      Then it ends with exit code 0
      And it says on stderr once each, in this order:
        | model-a has no price. In the basis billable, all of its tokens count in full. |

  Rule: A window's requests start at most at the configured rate

    @slow
    Example: Requests above the rate wait, and none is refused
      Given a small experiment
      And its file says "limits: { requests_per_s: 2 }"
      When it is run with ""
      Then it ends with exit code 0
      And every window has:
        | outcome | pass |
      And in every window requests reach the model at least 400 ms apart on average
