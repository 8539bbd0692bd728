Feature: Telemetry of requests
  There is one row for every request, whatever its result, and one row that sums up each window.

  Rule: Every row has the ten fields of the contract, and null means unknown

    Example: An answer, an error, a broken connection and a refusal
      Given a proxy with an attempt at W0-01
      And an upstream that answers in 41 tokens, then 529, and then hangs up
      When the agent asks the model three times, and once more when its attempt is over
      Then there are 4 rows with all ten fields and our own
      And the proxy's rows are:
        | status | backend_provider | prompt_tokens | completion_tokens | refused_by |
        | 200    | vendor           | 10            | 41                | null       |
        | 529    | vendor           | null          | null              | null       |
        | 0      | vendor           | null          | null              | null       |
        | 402    | null             | null          | null              | closed     |

    Example: An answer without usage has unknown tokens, which is not zero
      Given a proxy with an attempt at W0-01
      And an upstream that answers without any usage
      When the agent of W0-01 sends a body of its own layout
      Then the proxy's rows are:
        | status | model   | prompt_tokens | completion_tokens | cost_usd | subagent_id |
        | 200    | model-a | null          | null              | null     | null        |

  Rule: Rows and rollups equal the model's usage, to the token

    Background:
      Given a small experiment on a scripted model that keeps count

    @slow
    Example: Each row, and the rollup of a window as the sum of its rows
      When I run "experiment run"
      Then it ends with exit code 0
      And the ledger's requests and the rollup of every window have the tokens and the faults of the model

    Example: A window whose requests were all refused
      Given a small experiment
      When it is run with "--command-budget /implement=0"
      Then it ends with exit code 1
      And the rows of "window_traffic_summed" are:
        | window | total_prompts | total_tokens | error_rate | mean_latency_ms | p50  | p95  |
        | W0-01  | 0             | 0            | null       | null            | null | null |
        | W0-02  | 0             | 0            | null       | null            | null | null |

  Rule: An answer that breaks off after status 200 is an error

    @spawn @slow
    Example: In the window's row and in its rollup
      Given a model server that breaks off every answer
      And a "claude" on the PATH that asks the model and exits with 1
      And an experiment of "lru-cache" with two "claude-code" providers on that server
      When I run "experiment run"
      Then it ends with exit code 1
      And every window's row counts all of its requests as errors
      And every row of "window_traffic_summed" has:
        | error_rate | 1 |

  Rule: The preview shows the traffic of providers whose agents have sub-agents

    Background:
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And its proxy is open
      And the main agent of plain has asked for "claude-sonnet-4-5" twice
      And the agent of routed asks once, its sub-agent twice, and the proxy is closed

    Example: The backends of one provider
      When I run "experiment preview"
      Then its block "Subagent Proxy:" shows share, prompts, latency and errors of 2 backends of "routed", as the ledger's rows do

    Example: The report has the same figures
      Given "experiment report --experiment manual" has been run
      When I run "experiment preview"
      Then the report has the same figures

  Rule: Without sub-agents only the report shows the traffic of every provider and backend

    @slow
    Example: Two providers on one upstream
      Given a small experiment
      And it has been run with "--seed 42"
      When I run "experiment preview"
      Then it ends with exit code 0
      And it does not print "Subagent Proxy:"
      And the report says "Subagent Proxy: traffic by backend"

    Example: A run without requests
      Given a small experiment
      And it has been run with "--overall-token-budget 0"
      When I run "experiment preview"
      Then it ends with exit code 0
      And it does not print "Subagent Proxy:"

    @spawn
    Example: A proxy that a user opened, before any reading
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And a proxy of it is open in a process of its own
      And the agent of each has taken 51 tokens
      When I run "experiment preview"
      Then it ends with exit code 0
      And it does not print "Subagent Proxy:"
