Feature: A budget of a rolling period
  Spending within the last hours counts, whoever caused it in this ledger. If the period is full, the run
  waits until there is room.

  Rule: A window waits until its allowance fits

    @slow
    Example: The second window waits because of the first one's spending
      Given a small experiment with:
        | tokens of an answer | 1000 |
      And the clock says "2026-11-23T06:00:00Z"
      And "experiment run --period-token-budget 6500 --period 5h --command-budget /implement=6000" runs until it says "waits for the period"
      When the clock comes to "2026-11-23T11:30:00Z"
      Then it ends with exit code 0
      And every window has:
        | outcome | capped |
      And W0-02 was opened 5 hours after the last debit of W0-01

    Example: An allowance that can never fit is refused before anything is spent
      Given a small experiment
      When it is run with "--period-token-budget 3000 --period 5h --command-budget /implement=4000"
      Then it ends with exit code 4
      And it says "W0-01 may take 4000 tokens, and the period's budget is 3000 in 5h: it never fits." on stderr
      And no window is opened and no request is sent

    Example: Ctrl-C ends the wait
      Given a small experiment
      And "experiment run --period-token-budget 6500 --period 5h --command-budget /implement=6000" runs until it says "waits for the period"
      When the waiting run is interrupted
      Then it ends with exit code 130
      And it says "Continue with: experiment run --seed 1 --period-token-budget 6500 --command-budget /implement=6000 --period 5h --resume" on stderr
      And the rows of "window_finalized" are:
        | window |
        | W0-01  |

  Rule: A request without room in the period ends its attempt, which is retried

    @slow
    Example: Another window's answer used more than its estimate
      Given a small experiment of two simultaneous features whose upstream answers once with 14000 tokens
      And the clock says "2026-11-23T06:00:00Z"
      And a run of "--period-token-budget 12000 --period 5h --command-budget /implement=6000" that the period has refused a request
      When the clock comes to "2026-11-23T11:30:00Z"
      Then it ends with exit code 0
      And one attempt is interrupted as "session_budget", its window is final at attempt 2, and the refusal says when there is room

  Rule: An open proxy lets requests pass again when there is room

    Background:
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And the clock says "2026-11-23T06:00:00Z"
      And its proxy is open with "--period-token-budget 70 --period 5h"
      And the period has refused the main agent of plain, and says when there is room

    Example: The same address after that moment
      Given the clock says "2026-11-23T11:30:00Z"
      When the main agent of plain asks for "claude-sonnet-4-5"
      Then that agent gets the status 200

    Example: The same address before that moment
      Given the clock says "2026-11-23T10:30:00Z"
      When the main agent of plain asks for "claude-sonnet-4-5"
      Then that agent gets the status 402
      And the rows of "budget_refused" are:
        | scope  |
        | period |

  Rule: A period and its budget come together

    Background:
      Given a small experiment

    Scenario Outline: <OPTIONS>
      When I run "experiment run <OPTIONS>"
      Then it ends with exit code 2
      And it says "<SAYS>" on stderr
      And nothing is written

      Examples:
        | OPTIONS                             | SAYS                                                         |
        | --period 5h                         | --period: expected a budget for the period, got none         |
        | --period-token-budget 5             | --period-token-budget: expected the length of the period too |
        | --period-token-budget 5 --period 5x | --period: expected a time from 1s to 366d                    |

    Example: The plan shows both
      Given its file says "budgets: { period: { tokens: 500000, usd: 9, every: 7d } }"
      And its file says "prices: { model-a: { input: 1, output: 1 }, model-b: { input: 1, output: 1 } }"
      When I run "experiment plan --period 5h"
      Then the plan shows the budget:
        | period | 500000 tokens (uncached) in 5h | file experiment.yaml |
        | period | $9.00 in 5h                    | file experiment.yaml |
