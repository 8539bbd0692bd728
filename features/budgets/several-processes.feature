Feature: Budgets shared by several processes
  All spending on a ledger counts for all of its users: for a run, and for each proxy that is open at
  the same time, each in its own process.

  Rule: An open proxy counts the usage of other proxies

    Background:
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else

    @spawn
    Scenario Outline: The <BUDGET> budget refuses a request that the other proxy left no room for
      Given two proxies of it are open in processes of their own, with "<OPTIONS>"
      And the agent of each has taken 51 tokens
      When the agent of the first asks again a second later
      Then that agent gets the status 402
      And the "<BUDGET>" budget has refused it with 102 tokens used

      Examples:
        | BUDGET  | OPTIONS                               |
        | overall | --overall-token-budget 120            |
        | period  | --period-token-budget 120 --period 5h |

    @spawn
    Example: Both continue if both have room
      Given two proxies of it are open in processes of their own, with "--overall-token-budget 500"
      And the agent of each has taken 51 tokens
      When the agent of the first asks again a second later
      Then that agent gets the status 200

    @spawn @slow
    Example: Only one of them warns about a threshold that both see
      Given two proxies of it are open in processes of their own, with "--overall-token-budget 140"
      And the agent of each has taken 51 tokens
      When the agents of both ask again a second later, and both are closed
      Then the rows of "budget_warned" are:
        | threshold_percent |
        | 70                |
      And they have said "70 % of the overall budget reached: 102 of 140 tokens (uncached)." once in all

    @spawn
    Example: Unreadable usage of the other proxy is not guessed
      Given two proxies of it are open in processes of their own, with "--overall-token-budget 500"
      And the agent of each has taken 51 tokens
      And the file "budgets.jsonl" has "a flipped bit in its first row"
      When the agent of the first asks twice a second later
      Then that agent gets the status 402 and reads "What was spent can't be read. This run is over."
      And the first has said "budgets.jsonl" once
      And the first ends with exit code 6, and says nothing of a defect

    @spawn
    Example: A proxy that stops because of unreadable rows still sums up its windows
      Given two proxies of it are open in processes of their own, with "--overall-token-budget 500"
      And the agent of each has taken 51 tokens
      And the file "budgets.jsonl" has "a flipped bit in its first row"
      When the agent of the first asks twice a second later
      Then that agent gets the status 402 and reads "What was spent can't be read. This run is over."
      And the first ends with exit code 6, and says nothing of a defect
      And one rollup counts, of 2 prompts and 102 tokens in W0-01

    @spawn
    Example: In warn mode the request passes
      Given two proxies of it are open in processes of their own, with "--overall-token-budget 500 --budget-enforcement-mode warn"
      And the agent of each has taken 51 tokens
      And the file "budgets.jsonl" has "a flipped bit in its first row"
      When the agent of the first asks twice a second later
      Then that agent gets the status 200
      And the first has said "budgets.jsonl" once

  Rule: Together they never pass the cap

    Background:
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else

    @spawn
    Scenario Outline: The agents of four proxies ask at once under the <BUDGET> budget
      Given 4 proxies of it are open in processes of their own, with "<OPTIONS>"
      And the agent of each has taken 51 tokens
      When their agents ask at once until they are refused
      And both are closed at once
      Then their upstream has answered 44 requests
      And the ledger has 3 rows of "budget_warned"

      Examples:
        | BUDGET  | OPTIONS                                |
        | overall | --overall-token-budget 2244            |
        | period  | --period-token-budget 2244 --period 5h |

    @spawn
    Scenario Outline: Nobody knows yet how long the answers are: <OPTIONS>
      Given its upstreams answer with 2500 tokens
      And 4 proxies of it are open in processes of their own, with "<OPTIONS>"
      When their agents ask at once, for answers of any length, until they are refused
      Then their upstream has answered <ANSWERED> requests

      Examples: 2510 tokens and $0.0375 a request
        | OPTIONS                      | ANSWERED |
        | --overall-token-budget 30000 | 11       |
        | --overall-cost-budget 0.25   | 6        |

    @spawn
    Example: One of them is killed while its requests are in flight
      Given two proxies of it are open in processes of their own, with "--overall-token-budget 510"
      And the agent of each has taken 51 tokens
      And 4 requests of the first are in flight, and it is killed
      When the agent of the second asks until it is refused
      Then their upstream has answered 6 requests

  Rule: A run and open proxies share the overall budget

    Background:
      Given a small experiment
      And a proxy of it is open in a process of its own, with "--overall-token-budget 12000"

    @spawn
    Example: The proxy has left no room for a window
      When the agent of the proxy takes more than 9000 tokens
      And I run "experiment run --overall-token-budget 12000 --command-budget /implement=4000"
      Then it ends with exit code 4
      And it says "Stopped by a budget:" on stderr
      And the ledger has 0 rows of "windows"

    @spawn @slow
    Example: The run has left no room for the proxy
      When I run "experiment run --overall-token-budget 12000 --command-budget /implement=6000"
      And the agent of the proxy asks for 4000 tokens a second later
      Then that agent gets the status 402

    @spawn @slow
    Example: Each has its own
      When the agent of the proxy takes more than 9000 tokens
      And I run "experiment run --overall-token-budget 12000 --command-budget /implement=6000 --overall-budget-scope own"
      Then it ends with exit code 0

  Rule: A window starts only on room that no other process has used

    @spawn @slow
    Example: A proxy uses the period's room while the first window runs
      Given a small experiment with:
        | ms before an answer | 700 |
      And a proxy of it is open in a process of its own
      And W0-01 runs in a run with "--period-token-budget 12000 --period 5h --command-budget /implement=6000"
      When the agent of the proxy takes more than 9000 tokens
      Then that run starts no other window, and says "waits for the period's budget until 2"
