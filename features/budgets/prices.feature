Feature: Prices
  Prices of models come in a dated list with the product. The user's own prices have priority. A missing
  price means an unknown cost, never a cost of zero.

  Rule: The list is dated, and own prices have priority

    Example: The shipped list
      When I run "experiment prices list --model claude-sonnet-4-5"
      Then it ends with exit code 0
      And it prints each of:
        | Prices: counterbalance, 2026-         |
        | SHA-256                               |
        | claude-sonnet-4-5  3      15      0.3 |

    Example: Prices in the experiment file
      Given a small experiment
      And its file says "prices: { gpt-5: { input: 7, output: 9 } }"
      When I run "experiment prices list --model gpt-5"
      Then it prints "gpt-5  7      9       unknown     unknown   unknown   unknown  experiment.yaml"

    Example: A price file of the user
      Given a small experiment
      And its file says "prices: own.yaml"
      And a file "own.yaml" of "{ name: ours, as_of: 2099-01-01, models: { gpt-5: { input: 7, output: 9 } } }"
      When I run "experiment prices list --model gpt-5"
      Then it prints each of:
        | Prices: ours + counterbalance, 2099-01-01 |
        | gpt-5  7      9                           |

    Scenario Outline: Impossible prices: <PRICES>
      Given a small experiment
      And its file says "prices: <PRICES>"
      When I run "experiment run"
      Then it ends with exit code 2
      And it says "<SAYS>" on stderr
      And nothing is written

      Examples:
        | PRICES                            | SAYS                            |
        | missing.yaml                      | missing.yaml: expected a file   |
        | { m: { input: -1, output: 2 } }   | expected                        |
        | { m: { input: 1 } }               | expected                        |
        | 7                                 | a price file, or prices by model |

  Rule: Every class of tokens has its own price

    Example: Input, caches of five minutes and an hour, and a search
      Given an upstream whose answers use:
        | input_tokens                              | 1000000 |
        | cache_read_input_tokens                   | 1000000 |
        | cache_creation_input_tokens               | 3000000 |
        | cache_creation.ephemeral_5m_input_tokens  | 1000000 |
        | cache_creation.ephemeral_1h_input_tokens  | 2000000 |
        | server_tool_use.web_search_requests       | 2       |
        | output_tokens                             | 1000000 |
      And its file says "prices: { m: { input: 3, output: 15, cache_read: 0.3, cache_write_5m: 3.75, cache_write_1h: 6, web_search: 0.01 } }"
      When an agent asks it for "m" in the language of Anthropic
      Then the rows of "request_proxied" are:
        | cost_usd |
        | 34.07    |

    Example: The same tokens if the input includes the cache
      Given an upstream whose answers use:
        | input_tokens                       | 3000000 |
        | input_tokens_details.cached_tokens | 2000000 |
        | output_tokens                      | 1000000 |
      And its file says "prices: { m: { input: 3, output: 15, cache_read: 0.3 } }"
      When an agent asks it for "m" in the language of OpenAI
      Then the rows of "request_proxied" are:
        | cost_usd |
        | 18.6     |

    Example: A dated snapshot costs the same as its model
      Given an upstream whose answers use:
        | input_tokens  | 1000000 |
        | output_tokens | 1000000 |
      When an agent asks it for "claude-haiku-4-5-20251001" in the language of Anthropic
      Then the rows of "request_proxied" are:
        | cost_usd |
        | 6        |

  Rule: The answer decides which price holds

    Scenario Outline: <WHAT>
      Given an upstream whose answers use:
        | input_tokens  | 1000000 |
        | output_tokens | 1000000 |
        | <FIELD>       | <VALUE> |
      And its file says "prices: { m: { input: 3, output: 15, tiers: { batch: 0.5, fast: { input: 30, output: 150 } }, regions: { us: 1.1 } } }"
      When an agent asks it for "m" in the language of Anthropic
      Then the rows of "request_proxied" are:
        | status | cost_usd |
        | 200    | <COST>   |

      Examples:
        | WHAT                  | FIELD         | VALUE    | COST |
        | A cheaper tier        | service_tier  | batch    | 9    |
        | A faster mode         | speed         | fast     | 180  |
        | The usual tier        | service_tier  | standard | 18   |
        | A region              | inference_geo | us       | 19.8 |
        | A tier with no price  | service_tier  | priority | null |

    Example: A stated cost is believed, and ours is kept
      Given an upstream whose answers use:
        | input_tokens  | 1000000 |
        | output_tokens | 1000000 |
        | cost          | 0.25    |
      And its file says "prices: { m: { input: 3, output: 15 } }"
      When an agent asks it for "m" in the language of OpenAI
      Then the rows of "request_proxied" are:
        | cost_usd | listed_cost_usd |
        | 0.25     | 18              |

    Example: A model may have another price at an upstream
      Given an upstream whose answers use:
        | input_tokens  | 1000000 |
        | output_tokens | 1000000 |
      And its file says "prices: { m: { input: 3, output: 15 }, vendor/m: { input: 1, output: 2 } }"
      When an agent asks it for "m" in the language of OpenAI
      Then the rows of "request_proxied" are:
        | backend_provider | cost_usd |
        | vendor           | 3        |

  Rule: Without a price the cost is unknown

    Scenario Outline: <WHAT>
      Given an upstream whose answers use:
        | input_tokens            | 1000000 |
        | cache_read_input_tokens | 1000000 |
        | output_tokens           | 1000000 |
      And its file says "prices: { m: { input: 3, output: 15 } }"
      When an agent asks it for "<MODEL>" in the language of Anthropic
      Then the rows of "request_proxied" are:
        | status | cost_usd |
        | 200    | null     |

      Examples:
        | WHAT                             | MODEL            |
        | A model in no list               | glm-x            |
        | A name that is merely like one   | claude-haiku-4-6 |
        | A class of tokens without a price | m               |

    Example: The plan names it, and counts in tokens
      Given an upstream whose answers use:
        | output_tokens | 1 |
      And its file says "prices: { m: { input: 3, output: 15 } }"
      When I run "experiment plan"
      Then it prints each of:
        | Cost in tokens (uncached) |
        | No price: model-a (plain) |

    Example: Models that a client asks by itself, and prices of last year
      Given an upstream whose answers use:
        | output_tokens | 1 |
      And a file "own.yaml" of "{ name: ours, as_of: 2025-11-01, models: { model-a: { input: 7, output: 9 } } }"
      And its file says "prices: own.yaml"
      When I run "experiment plan"
      Then it ends with exit code 0
      And it prints "The prices of ours are "
      And it prints " days old (2025-11-01). Renew them: experiment prices refresh --help"

    Example: Prices of a day that has not come
      Given an upstream whose answers use:
        | output_tokens | 1 |
      And a file "own.yaml" of "{ name: ours, as_of: 2099-01-01, models: { model-a: { input: 7, output: 9 } } }"
      And its file says "prices: own.yaml"
      When I run "experiment plan"
      Then it prints "The prices of ours are of a day in the future (2099-01-01). Correct as_of in this list."

    Example: A model that the file does not name is refused by its own name
      Given an agent of the user's own that asks again and again when its task's budget is spent
      And its file says "prices: { one: { input: 1, output: 2 }, other: { input: 1, output: 2 } }"
      When I run "experiment run --overall-cost-budget 5"
      Then it ends with exit code 4
      And it says "Stopped by a budget: No price for any, which a budget of dollars needs." on stderr
      And the preview prints 'Give any a price under "prices", then begin another experiment:'
      And every row of "window_interrupted" has:
        | outcome | session_budget                                                                                                       |
        | reason  | No price for any, which a budget of dollars needs. Write it under "prices", or give a budget of tokens. |

    Example: Cost in dollars is refused
      Given an upstream whose answers use:
        | output_tokens | 1 |
      And its file says "analysis: { cost: usd }"
      When I run "experiment run"
      Then it ends with exit code 2
      And it says "expected a price for every model, got none for model-a (plain)" on stderr
      And nothing is written

  Rule: The list can be renewed from a copy of a public list, and omissions are reported

    Background:
      Given a file "litellm.json" that says:
        """
        {
          "claude-opus-9": { "litellm_provider": "anthropic", "mode": "chat", "input_cost_per_token": 5e-6, "output_cost_per_token": 2.5e-5 },
          "bedrock/claude-opus-9": { "litellm_provider": "bedrock", "mode": "chat", "input_cost_per_token": 5e-6, "output_cost_per_token": 2.5e-5 },
          "zai/glm-9-flash": { "litellm_provider": "zai", "mode": "chat", "input_cost_per_token": 0, "output_cost_per_token": 0 }
        }
        """

    Example: A copy
      When I run "experiment prices refresh --from litellm.json --out prices.yaml --as-of 2026-11-20"
      Then it ends with exit code 0
      And it prints each of:
        | Took the prices of 1 models, as of 2026-11-20.            |
        | 1: sold by another house, e.g. bedrock/claude-opus-9      |
        | 1: no price, or a price of 0, e.g. zai/glm-9-flash        |

    Example: The list of models.dev, and a field that is not read
      Given a file "api.json" that says:
        """
        {
          "anthropic": { "models": { "claude-opus-9": { "id": "claude-opus-9", "cost": { "input": 5, "output": 25, "cache_write_for_ever": 9 } } } },
          "reseller": { "models": { "claude-opus-9": { "id": "claude-opus-9", "cost": { "input": 1, "output": 1 } } } }
        }
        """
      When I run "experiment prices refresh --from api.json --out prices.yaml --as-of 2026-11-20"
      Then it ends with exit code 0
      And it prints each of:
        | Took the prices of 1 models, as of 2026-11-20.         |
        | Source: models.dev, api.json, SHA-256                  |
        | 1: sold by another house, e.g. reseller/claude-opus-9  |
        | cache_write_for_ever: 1 model                          |

    Example: An address where nothing is
      When I run "experiment prices refresh --from http://127.0.0.1:1/api.json --out prices.yaml"
      Then it ends with exit code 2
      And it says "http://127.0.0.1:1/api.json: expected a public list of prices, got" on stderr
      And "prices.yaml" does not exist

    Example: The renewed list is used
      Given a small experiment
      And its file says "prices: prices.yaml"
      And what "experiment prices refresh --from litellm.json --out prices.yaml" prints
      When I run "experiment prices list --model claude-opus-9"
      Then it prints "claude-opus-9  5      25"

    Example: Typed prices are never overwritten
      Given a file "prices.yaml" of "{ name: ours, models: { m: { input: 7, output: 9 } } }"
      When I run "experiment prices refresh --from litellm.json --out prices.yaml"
      Then it ends with exit code 3
      And it says "got prices of another source" on stderr

    Example: Names with control characters are shown without effect
      Given a file "odd.json" that says:
        """
        {
          "claude-opus-9": { "litellm_provider": "anthropic", "mode": "chat", "input_cost_per_token": 5e-6, "output_cost_per_token": 2.5e-5 },
          "bedrock/claude-opus-9": { "litellm_provider": "bedrock", "mode": "chat", "input_cost_per_token": 5e-6, "output_cost_per_token": 2.5e-5 },
          "zai/glm-9-flash": { "litellm_provider": "zai", "mode": "chat", "input_cost_per_token": 0, "output_cost_per_token": 0 },
          "\u001b[31mred": { "litellm_provider": "anthropic", "mode": "chat", "input_cost_per_token": 5e-6, "output_cost_per_token": 2.5e-5 }
        }
        """
      When I run "experiment prices refresh --from odd.json --out prices.yaml"
      Then it ends with exit code 0
      And it prints "1: not in the list's form, e.g. \u001b[31mred"

    Example: A list that is too long to be read again
      Given a copy "long.json" of the public list, with 20000 models
      When I run "experiment prices refresh --from long.json --out prices.yaml"
      Then it ends with exit code 2
      And it says "long.json: expected prices that fill at most 1000000 bytes, got " on stderr
      And "prices.yaml" does not exist

    Example: A file that is not the list
      Given a file "other.json" of "{}"
      When I run "experiment prices refresh --from other.json --out prices.yaml"
      Then it ends with exit code 2
      And it says "expected the public LiteLLM list" on stderr
