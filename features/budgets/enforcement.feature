Feature: Enforcement of budgets
  A cap stops the work before it is passed, in the way that makes the agent stop at once. All spending
  is recorded to the token, even for failed attempts and sessions.

  Rule: A command's cap ends the window that reaches it

    Example: The agent gets one refusal and sends no further request
      Given a small experiment with:
        | tokens of an answer | 1000 |
      When it is run with "--command-budget /implement=6000"
      Then it ends with exit code 0
      And every window has:
        | outcome | capped |
      And in every window exactly one request is refused by "/implement", the last one
      And every agent got the status 402 with "Spending cap of implement reached. This run is over."

    @slow
    Example: The existing work is graded, and its cost is a lower bound
      Given a small experiment with:
        | tokens of an answer | 1000 |
      When it is run with "--command-budget /implement=6000"
      Then every window has:
        | quality          | a number |
        | scenarios.length | > 0      |
      And every window's cost is a lower bound of what its requests took

    @slow
    Example: Spent and reserved tokens are within every cap whenever a request is admitted
      Given a small experiment with:
        | tasks       | lru-cache, rate-limiter |
        | concurrency | 2                       |
      When it is run with "--command-budget /implement=6000 --overall-token-budget 18000"
      Then it ends with exit code 4
      And at every reservation at most 18000 tokens are spent or reserved
      And at every reservation at most 6000 tokens of its own attempt are spent or reserved

  Rule: A window starts only if the overall budget has room for it

    Background:
      Given a small experiment

    Example: Both windows of a pair must fit before the first one starts
      When it is run with "--overall-token-budget 5000 --command-budget /implement=3000"
      Then it ends with exit code 4
      And it says "Stopped by a budget: W0-01 and W0-02 may take 6000 tokens; of the overall budget of 5000, 5000 are left." on stderr
      And it says "Raise --overall-token-budget and continue with --resume." on stderr
      And the last row of "budget_refused" has:
        | scope     | overall |
        | requested | 6000    |
        | used      | 0       |
      And no window is opened and no request is sent

    Example: A cheap pair leaves too little for what the next one may take
      Given a small experiment with:
        | tasks | lru-cache, rate-limiter |
      When it is run with "--overall-token-budget 13000 --command-budget /implement=6000"
      Then it ends with exit code 4
      And it says "W0-02 ended: " on stderr
      And it says "The next pair (W0-03 and W0-04) may take up to 12000 tokens; of the overall budget of 13000, " on stderr

    Example: An admitted window counts before its agent sends a request
      Given a small experiment with:
        | tasks       | lru-cache, rate-limiter |
        | concurrency | 2                       |
      When it is run with "--overall-token-budget 13000 --command-budget /implement=6000"
      Then it ends with exit code 4
      And it says "W0-02 ended: " on stderr
      And it does not say "W0-03 started: " on stderr

    Example: The allowance of a pair's second window is kept while the first one runs
      Given a small experiment with:
        | tasks       | lru-cache, rate-limiter |
        | concurrency | 2                       |
      When it is run with "--overall-token-budget 18000 --command-budget /implement=6000"
      Then it ends with exit code 4
      And it says "W0-02 ended: " on stderr
      And it does not say "W0-03 started: " on stderr

    Example: A higher budget lets the session continue
      Given it has been run with "--overall-token-budget 5000 --command-budget /implement=3000"
      When I run "experiment run --resume --overall-token-budget 6000 --command-budget /implement=3000"
      Then the rows of "session_opened" are:
        | resumed |
        | false   |
        | true    |
      And one row of "session_closed" has:
        | reason | budget |
        | seq    | 3      |
      And a window has been opened

  Rule: A limit without room for a first request is said when it is set

    Example: A run
      Given a small experiment
      When it is run with "--command-budget /implement=3000"
      Then it ends with exit code 1
      And it says "A window has 3000 tokens, and its agent's first request takes more than" on stderr
      And nothing is spent

    Example: A plan in dollars
      Given a small experiment whose thousand tokens cost 1 dollar
      When I run "experiment plan --command-cost-budget /implement=1"
      Then it prints "No window fits its budget. A window has $1.00, and its agent's first request takes more than $"

    Example: A proxy
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And its proxy is open with "--overall-token-budget 4000"
      When the agent of "plain" asks for "/v1/messages", and the proxy is closed
      Then it says "The overall budget of 4000 tokens has room for a provider's first request only if it limits its answer: 4096 tokens are reserved otherwise." on stderr

  Rule: After a spent budget, what comes next names a larger one

    Scenario Outline: <CASE>
      Given a small experiment whose thousand tokens cost 1 dollar
      When it is run with "<OPTIONS>"
      Then it ends with exit code 4
      And its answer says "What next: Continue with a larger budget (1 task to go): experiment run --seed 1 <LARGER>"
      And that command, pasted, ends with exit code 0

      Examples:
        | CASE                          | OPTIONS                                                             | LARGER                               |
        | Less than a pair may take     | --overall-token-budget 11000 --command-budget /implement=6000       | --overall-token-budget 15000         |
        | Nothing is allowed            | --overall-token-budget 0                                            | --overall-token-budget 300000        |
        | Dollars                       | --overall-cost-budget 1 --command-cost-budget /implement=8          | --overall-cost-budget 20             |
        | No time at all                | --overall-minutes-budget 0                                          | --overall-minutes-budget 25          |
        | Less than a window in a while | --period-token-budget 5000 --period 1s --command-budget /implement=6000 | --period-token-budget 6000       |

    Scenario Outline: No window could send a request: <OPTIONS>
      Given a small experiment
      When it is run with "<OPTIONS>"
      Then it ends with exit code 1
      And its answer says "What next: Work the windows again with a larger budget: experiment run --seed 1 <LARGER> --retry-missing"
      And that command, pasted, ends with exit code 0

      Examples:
        | OPTIONS                      | LARGER                              |
        | --command-budget /implement=100 | --command-budget /implement=120000 |
        | --window-token-budget 100    | --window-token-budget 120000        |

    Example: A budget of the file
      Given a small experiment
      And its file says "budgets: { overall: { tokens: 11000 }, commands: { /implement: { tokens: 6000 } } }"
      When it is run with ""
      Then it ends with exit code 4
      And its answer says "What next: Continue with a larger budget (1 task to go): experiment run --seed 1 --overall-token-budget 15000 --resume"
      And that command, pasted, ends with exit code 0

    Example: A budget that is reached inside a window
      Given a small experiment with:
        | tokens of an answer | 16000 |
      When it is run with "--overall-token-budget 12000 --command-budget /implement=6000"
      Then it ends with exit code 4
      And its answer says "What next: Continue with a larger budget (1 task to go): experiment run --seed 1 --overall-token-budget"

  Rule: A cap of the last session holds until the user changes it

    Background:
      Given a small experiment with:
        | tokens of an answer | 1000 |
      And it has been run with "--overall-token-budget 5000 --command-budget /implement=3000"

    Example: A run without the earlier cap is refused with a question
      When I run "experiment run --resume --command-budget /implement=6000"
      Then it ends with exit code 2
      And it says "The last session had an overall budget of 5000 tokens (command line), and this one has none." on stderr
      And it says "Give it again, with this amount or another: --overall-token-budget 5000. To continue without it, write --overall-token-budget unlimited." on stderr
      And it does not say "/implement budget" on stderr
      And no window is opened and no request is sent

    Example: Each missing cap is named
      When I run "experiment run --resume"
      Then it ends with exit code 2
      And it says "--overall-token-budget unlimited" on stderr
      And it says "--command-budget /implement=unlimited" on stderr
      And no window is opened and no request is sent

    Example: A cap can be dropped on purpose
      When I run "experiment run --resume --overall-token-budget unlimited --command-budget /implement=6000"
      Then it ends with exit code 0
      And every window has:
        | outcome | capped |

    Example: The way of counting does not change by itself
      Given it has been run with "--overall-token-budget 5000 --command-budget /implement=3000 --budget-basis all"
      When I run "experiment run --resume --overall-token-budget 6000 --command-budget /implement=3000"
      Then it ends with exit code 2
      And it says "The last session counted tokens in the basis all (command line), and this one names no basis." on stderr
      And it says "Write --budget-basis all, or --budget-basis uncached to change it." on stderr

  Rule: An overall budget that is reached inside a window ends the session

    Background:
      Given a small experiment with:
        | tokens of an answer | 16000 |

    Example: The attempt is kept apart, ungraded, for a retry
      When it is run with "--overall-token-budget 12000 --command-budget /implement=6000"
      Then it ends with exit code 4
      And it says "Stopped by a budget: The overall budget is spent." on stderr
      And the rows of "window_interrupted" are:
        | attempt | outcome        | cost.amount | quality |
        | 1       | session_budget | > 16000     | none    |
      And no window is final

    Example: With the same budget no further window starts
      Given it has been run with "--overall-token-budget 12000 --command-budget /implement=6000"
      When I run "experiment run --resume --overall-token-budget 12000 --command-budget /implement=6000"
      Then it ends with exit code 4
      And the overall budget has refused 12000 tokens with all that was ever spent used
      And no further request is sent

    @slow
    Example: A higher budget continues, and counts the earlier session's spending
      Given it has been run with "--overall-token-budget 12000 --command-budget /implement=6000"
      When I run "experiment run --resume --overall-token-budget 200000 --command-budget /implement=60000"
      Then it ends with exit code 0
      And the window W0-01 is final after an attempt that ended as "session_budget", and the preview's overall budget shows the spending of both

    Example: A budget with room for two windows, but not for a retry
      Given a small experiment whose upstream answers once with 3000 tokens and then says 429
      When I run "experiment run --overall-token-budget 20000 --command-budget /implement=10000"
      Then it ends with exit code 4
      And the rows of "window_interrupted" are:
        | attempt | outcome        | cost.amount | quality |
        | 1       | provider_limit | > 2999      | none    |
      And the overall budget has refused 20000 tokens with all that was ever spent used

  Rule: In warn mode nothing is refused, and every event is reported

    Background:
      Given a small experiment

    Example: The work continues past every limit
      When it is run with "--budget-enforcement-mode warn --command-budget /implement=1000 --overall-token-budget 1500"
      Then it ends with exit code 0
      And every window has:
        | outcome | pass |
      And no request is refused

    Example: Each threshold causes one warning, and the breach one record
      When it is run with "--budget-enforcement-mode warn --command-budget /implement=1000 --overall-token-budget 1500"
      Then the budgets have reported in W0-01:
        | BUDGET     | WARNED        | BREACHED |
        | overall    | 70, 90, 100 % | 1        |
        | /implement | 70, 90, 100 % | 1        |
      And the budgets have reported in W0-02:
        | BUDGET     | WARNED        | BREACHED |
        | /implement | 70, 90, 100 % | 1        |

  Rule: Zero means nothing, absent means no limit

    Background:
      Given a small experiment

    Example: A command with a budget of zero
      When it is run with "--command-budget /implement=0"
      Then it ends with exit code 1
      And every window has:
        | outcome | no_spend |
      And in every window exactly one request is refused by "/implement", the last one
      And nothing is spent

    Example: A session with a budget of zero
      When it is run with "--overall-token-budget 0"
      Then it ends with exit code 4
      And no window is opened and no request is sent

    Example: No budget at all
      When it is run with ""
      Then it ends with exit code 0
      And no request is refused
      And the ledger has 0 rows of "budget_warned"
      And the ledger has 0 rows of "budget_breached"

  Rule: Every admitted request is settled once, for its usage

    Example: Each reservation has one final debit, and the debits equal the reported usage
      Given a small experiment
      When it is run with ""
      Then every request has one reservation and one final debit
      And the debits of every request add up to its uncached tokens

    Example: A stream's running totals are counted once
      Given a proxy with an attempt at W0-01
      And an upstream that streams an answer whose totals grow from 3 to 41 output tokens
      When an agent asks it by "/v1/messages" for a stream
      Then 139 tokens are debited for the request

    Example: An agent that hangs up has spent its reservation
      Given a proxy with an attempt at W0-01
      And an upstream that begins an answer and never ends it
      When the agent asks the model and hangs up
      Then the request is settled by an estimate of at least what was reserved

  Rule: A proxy on its own continues from the earlier spending of its windows

    Background:
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And the variable COUNTERBALANCE_OVERALL_TOKEN_BUDGET is "70"
      And a proxy of it has been open, through which the agent of plain took 51 tokens

    Example: The same budget has no room left
      Given its proxy is open
      When the main agent of plain asks for "claude-sonnet-4-5"
      Then that agent gets the status 402
      And the JSON of "experiment proxy status --json" has:
        | budgets.0.name          | overall |
        | budgets.0.unit          | tokens  |
        | budgets.0.limit         | 70      |
        | budgets.0.used          | 51      |
        | budgets.0.refusal.name  | overall |
        | budgets.0.refusal.limit | 70      |
        | budgets.0.refusal.used  | 51      |

    Example: A higher budget has room
      Given its proxy is open with "--overall-token-budget 200"
      When the main agent of plain asks for "claude-sonnet-4-5"
      Then that agent gets the status 200
