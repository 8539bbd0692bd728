Feature: Telemetry of requests
  One row for every request, whatever became of it, and one row that sums up each window.

  Rule: Every row has the ten fields of the contract, and null says that a value is not known

    Example: An answer, an error, a broken connection and a refusal
      Given a proxy with an attempt at W0-01
      And an upstream that answers in 41 tokens, then 529, and then hangs up
      When the agent asks the model three times, and once more when its attempt is over
      Then there are 4 rows with all ten fields, and ours
      And they say:
        | status | backend_provider | prompt_tokens | completion_tokens | refused_by |
        | 200    | vendor           | 10            | 41                | null       |
        | 529    | vendor           | null          | null              | null       |
        | 0      | vendor           | null          | null              | null       |
        | 402    | null             | null          | null              | closed     |

    Example: An answer that tells no usage has no tokens, which is not zero
      Given a proxy with an attempt at W0-01
      And an upstream whose answers tell no usage
      When the agent of W0-01 sends a body of its own layout
      Then they say:
        | status | model   | prompt_tokens | completion_tokens | cost_usd | subagent_id |
        | 200    | model-a | null          | null              | null     | null        |

  Rule: Rows and rollups count what the model dealt, to the token

    Background:
      Given a small experiment on a scripted model that keeps count

    Example: Rows
      When it is run on that upstream
      Then it ends with exit code 0
      And each of the ledger's requests has the tokens that the model dealt for it

    Example: The rollup of a window is what its rows add up to
      When it is run on that upstream
      Then it ends with exit code 0
      And every window has one rollup, of its own rows
      And the rollups' tokens are all that the model dealt
      And a rollup tells of the faults that the model made

    Example: A window whose requests were all refused
      Given a small experiment
      When it is run with "--command-budget /implement=0"
      Then every window's rollup says:
        | total_prompts | total_tokens | error_rate | mean_latency_ms | p50  | p95  |
        | 0             | 0            | null       | null            | null | null |

  Rule: Preview and report tell of the traffic of every provider and backend

    Example: Two providers on one upstream
      Given a small experiment
      And it has been run with "--seed 42"
      When I run "experiment preview"
      Then it ends with exit code 0
      And its block "Subagent Proxy:" says of each provider's backend its share, prompts, latency and errors
      And the report has the same lines
      And their figures are those of the ledger's rows

    Example: A run that asked nobody
      Given a small experiment
      And it has been run with "--overall-token-budget 0"
      When I run "experiment preview"
      Then it ends with exit code 0
      And there is no block "Subagent Proxy:"

    @spawn
    Example: A proxy that was opened by hand, before any reading
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And a proxy of it is open in a process of its own
      And the agent of each has taken 51 tokens
      When I run "experiment preview"
      Then it ends with exit code 0
      And its block "Subagent Proxy:" says of one backend its share, prompts, latency and errors
