Feature: Cost in one unit
  Vendors count tokens differently, so only dollars can be compared. Without a known price the report gives
  no cost and says why.

  Rule: Dollars compare two vendors

    Example: The same work at a tenth of the price
      Given an experiment of two vendors' models, "dear" and "cheap"
      And its file says "prices: { dear: { input: 30, output: 150, cache_read: 3, cache_write_5m: 37.5 }, cheap: { input: 3, output: 15, cache_read: 0.3, cache_write_5m: 3.75 } }"
      When it is run with "--seed 42"
      Then it ends with exit code 0
      And every window costs the dollars of its requests, and the preview's cost ratio is 10
      And the preview prints "Dollars (experiment.yaml + counterbalance, 2026-"

    Example: Without prices nothing is compared
      Given an experiment of two vendors' models, "dear" and "cheap"
      When it is run with "--seed 42"
      Then it ends with exit code 0
      And the preview prints "providers of several vendors count tokens differently"
      And the preview does not print "Dollars ("

    Example: One model has no price, and the cost of the run is a lower bound
      Given an experiment of two vendors' models, "dear" and "cheap"
      And its file says "prices: { dear: { input: 30, output: 150, cache_read: 3, cache_write_5m: 37.5 } }"
      When it is run with "--seed 42"
      Then it ends with exit code 0
      And the preview prints " tokens (at least $0."
      And the preview prints ": no price for cheap)"

    Example: A model without a price is listed by name
      Given an experiment of two vendors' models, "dear" and "cheap"
      And its file says "prices: { dear: { input: 30, output: 150, cache_read: 3, cache_write_5m: 37.5 } }"
      And it has been run with "--seed 42"
      When I run "experiment report"
      Then the report says "No price: cheap (second)"
      And every window of "second" has:
        | dollars.amount | null |

  Rule: The measure and the prices belong to the question

    Background:
      Given an experiment of two vendors' models, "dear" and "cheap"
      And its file has:
        | prices.dear  | { input: 30, output: 150, cache_read: 3, cache_write_5m: 37.5 } |
        | prices.cheap | { input: 3, output: 15, cache_read: 0.3, cache_write_5m: 3.75 } |

    Example: The registration names them
      When it is run with "--seed 42"
      Then it ends with exit code 0
      And one row of "experiment_registered" has:
        | registration.analysis.cost          | usd                              |
        | registration.analysis.prices.name   | experiment.yaml + counterbalance |
        | registration.analysis.prices.sha256 | a SHA-256                        |

    Example: Other prices make another question
      Given what "experiment plan --json --json" prints
      And its file has "input: 31" for "input: 30"
      When I run "experiment plan --json"
      Then it plans another experiment

    Example: With cost in tokens, prices are not part of the question
      Given its file says "analysis: { cost: tokens }"
      And what "experiment plan --json --json" prints
      And its file has "input: 31" for "input: 30"
      When I run "experiment plan --json"
      Then it plans the same experiment

    Example: A limit in dollars stops the run
      When I run "experiment run --seed 42 --stop-when cost_usd>0.000001"
      Then it ends with exit code 5
      And it says "is halted (operator: cost_usd>0.000001)" on stderr
      And the ledger has 1 row of "window_finalized"

  Rule: The agent's own cost is shown with ours

    @spawn @slow
    Scenario Outline: The real CLI has the same prices for <ONE> and <OTHER>
      Given Claude Code is installed
      And an experiment of Claude Code with "<ONE>" and "<OTHER>"
      When I run "experiment run --seed 42"
      Then it ends with exit code 0
      And every window has the same dollars reported by the agent
      And the preview prints "(0.0 % off)"

      Examples:
        | ONE               | OTHER             |
        | claude-sonnet-4-5 | claude-haiku-4-5  |
        | claude-opus-5-5   | claude-sonnet-5-5 |
        | claude-fable-5-2  | claude-haiku-5-5  |

    @spawn @slow
    Example: The agent's guess for an unknown model is not kept
      Given Claude Code is installed
      And an experiment of Claude Code with "model-one" and "model-two"
      When I run "experiment run --seed 42"
      Then it ends with exit code 0
      And the rows of "window_finalized" are:
        | dollars.reported |
        | null             |
        | null             |
