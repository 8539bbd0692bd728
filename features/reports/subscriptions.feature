Feature: Subscriptions
  With a subscription you pay for capacity. A window costs the plan's price for one window of the vendor's
  meter, times the share of it that the window used. Meters are coarse and reset: without a proven movement
  there is no cost, and the report says why.

  Rule: A window costs the plan's price over its capacity

    Background:
      Given a small experiment of one feature, twice
      And its file has:
        | providers.*.plan | { usd: 14400, per_days: 30, meter: 5h } |

    Example: Each percent of the five hours is a dollar
      Given its vendor reports 2 percent more use of its five hours with each answer
      And its file has "replicates: 1" for "replicates: 2"
      When I run "experiment run"
      Then it ends with exit code 0
      And every window but the first costs 1 dollar a percent that its meter moved
      And the preview prints "1 no_cost (meter-missing-before)"

    @slow
    Example: A window that moved the meter by less than one step enters no ratio
      Given its vendor reports 0 percent more use of its five hours with each answer
      And "experiment run --seed 42" has been run
      When I run "experiment report"
      Then every window but the first costs 1 dollar a percent that its meter moved
      And the report says "no_cost (below a step of the meter)"
      And the report says "an amount is known to one step, and 0 means less than one"
      And the JSON of "experiment report --json" has:
        | comparisons.*.cost_ratio.value | null |

    Example: A reset in between
      Given its vendor reports another reset of its five hours with each answer
      And its file has "replicates: 1" for "replicates: 2"
      And "experiment run --seed 42" has been run
      When I run "experiment report"
      Then every window has:
        | cost.measure | usd  |
        | cost.amount  | null |
      And the report says "n/a (reset-crossed)"

    Example: The list price is shown too
      Given its vendor reports 2 percent more use of its five hours with each answer
      And its file has "replicates: 1" for "replicates: 2"
      And its file says "prices: { model-a: { input: 3, output: 15 }, model-b: { input: 3, output: 15 } }"
      And "experiment run --seed 42" has been run
      When I run "experiment report"
      Then the report has the figure "Cost" with "dollars, plan price over capacity for first, second"
      And the list price of the second window is shown with its plan's, with the divergence

    Example: Tokens are compared, and the plan's dollars are shown too
      Given its vendor reports 2 percent more use of its five hours with each answer
      And its file has "replicates: 1" for "replicates: 2"
      And its file says "analysis: { cost: tokens }"
      When I run "experiment run"
      Then it ends with exit code 0
      And every window has:
        | cost.measure | tokens |
      And the preview prints "$2.0000 for 1 window, one step is $1.0000"

  Rule: Without a reading the cost is unknown

    @spawn @slow
    Example: A crash left the first window open
      Given a slow experiment of two windows
      And its file has:
        | providers.one.plan | { usd: 14400, meter: 5h } |
        | providers.two.plan | { usd: 14400, meter: 5h } |
      And its file says "prices: { scripted-model: { input: 3, output: 15 } }"
      And a run of it in a process of its own, killed while the agent works
      When I run "experiment run --resume"
      Then it ends with exit code 0
      And the rows of "window_interrupted" are:
        | cost.basis | cost.amount | dollars.plan.reason | usage.requests |
        | plan       | null        | meter-missing       | > 0            |

    Example: The plan says which windows have no reading before them
      Given a small experiment
      And its file has:
        | providers.*.plan | { usd: 14400, meter: 5h } |
      When I run "experiment plan"
      Then it ends with exit code 0
      And it prints "Readings come with the vendor's answers: the first window of a run has none before it for each account (first, second), and so no cost by the plan."

    Example: Tokens can still be compared
      Given a small experiment
      And its file has:
        | providers.*.plan | { usd: 14400, meter: 5h } |
      And its file says "analysis: { cost: tokens }"
      When I run "experiment plan"
      Then it ends with exit code 0
      And it prints "first: plan first of experiment.yaml, 14400 dollars"

  Rule: The plan belongs to the question

    Background:
      Given a small experiment
      And a file "own.yaml" of "{ name: ours, as_of: 2026-11-01, models: {}, plans: { max: { usd: 200, meter: weekly } } }"
      And its file says "prices: own.yaml"

    Example: A plan in the price file
      When I run "experiment prices list --model none"
      Then it ends with exit code 0
      And it prints "max   200      30        weekly  1       ours"

    Example: The plan shows the formula
      Given its file has:
        | providers.*.plan | max |
      When I run "experiment plan"
      Then it prints "first: plan max of ours, 200 dollars ÷ 30 days × the window of the meter weekly × its movement"

    Example: Another price makes another question
      Given its file has:
        | providers.*.plan | max |
      And what "experiment plan --json --json" prints
      And a file "own.yaml" of "{ name: ours, as_of: 2026-11-01, models: {}, plans: { max: { usd: 100, meter: weekly } } }"
      When I run "experiment plan --json"
      Then it plans another experiment

    Example: With cost in tokens it is a setting
      Given its file has:
        | providers.*.plan | max |
      And its file says "analysis: { cost: tokens }"
      And what "experiment plan --json --json" prints
      And a file "own.yaml" of "{ name: ours, as_of: 2026-11-01, models: {}, plans: { max: { usd: 100, meter: weekly } } }"
      When I run "experiment plan --json"
      Then it plans the same experiment

    Scenario Outline: A meter can't tell: <PLAN>, <SAID>
      Given its file has:
        | providers.*.plan | <PLAN> |
      And its file says "<SAID>"
      When I run "experiment run"
      Then it ends with exit code 2
      And it says "<SAYS>" on stderr
      And nothing is written

      Examples:
        | PLAN                         | SAID                                             | SAYS                                                     |
        | pro                          | seed: '1'                                        | to be a plan of the prices (max)                         |
        | { usd: 0, meter: weekly }    | seed: '1'                                        | to be more than 0, got 0                                 |
        | { usd: 200 }                 | seed: '1'                                        | plan.meter\" to be the name of a meter in the vendor     |
        | max                          | analysis: { cost: usd, cost_scope: subagents }   | its meter does not count sub-agents separately           |

    Example: Simultaneous windows
      Given its file has:
        | providers.*.plan | max |
      And its file has "concurrency: 2" for "concurrency: 1"
      When I run "experiment run"
      Then it ends with exit code 2
      And it says "its meter does not count simultaneous windows separately" on stderr

  Rule: Manual windows in the plans of two vendors are compared in dollars

    Background:
      Given an experiment of the whole bank with the providers "codex, claude"

    Example: Both have a price
      Given its file has:
        | providers.codex.plan  | { usd: 14400, meter: 5h } |
        | providers.claude.plan | { usd: 28800, meter: 5h } |
      And 3 features have manual windows in the plans of two vendors, with "codex" as the baseline
      When I run "experiment gate --experiment manual --json"
      Then it ends with exit code 10
      And the JSON has:
        | is_cost_comparable             | true   |
        | candidates.0.figures.costRatio | >= 1.5 |
        | candidates.0.figures.costRatio | <= 1.7 |

    Example: One has no price
      Given its file has:
        | providers.codex.plan | { usd: 14400, meter: 5h } |
      And 3 features have manual windows in the plans of two vendors, with "codex" as the baseline
      When I run "experiment gate --experiment manual --json"
      Then it ends with exit code 10
      And the JSON has:
        | is_cost_comparable | false |

    Example: The preview shows the use of each
      Given its file has:
        | providers.codex.plan  | { usd: 14400, meter: 5h } |
        | providers.claude.plan | { usd: 28800, meter: 5h } |
      And 3 features have manual windows in the plans of two vendors, with "codex" as the baseline
      When I run "experiment preview --experiment manual"
      Then it prints "codex: plan codex (14400 dollars per 30 days by the meter 5h, in steps of 1 %): $93.0000 for 3 windows, one step is $1.0000"

    Example: A window was completed before the plans had a price
      Given 3 features have manual windows in the plans of two vendors, with "codex" as the baseline
      And its file has:
        | providers.codex.plan  | { usd: 14400, meter: 5h } |
        | providers.claude.plan | { usd: 28800, meter: 5h } |
      And the last window has been completed once more
      When I run "experiment preview --experiment manual"
      Then it prints "Dollars are not compared: not every window was paid by its provider's plan, at one price."

    Example: A window was completed again when its plan had another price
      Given its file has:
        | providers.codex.plan  | { usd: 14400, meter: 5h } |
        | providers.claude.plan | { usd: 28800, meter: 5h } |
      And 3 features have manual windows in the plans of two vendors, with "codex" as the baseline
      And its file has:
        | providers.claude.plan | { usd: 14400, meter: 5h } |
      And the last window has been completed once more
      When I run "experiment preview --experiment manual"
      Then it prints "Dollars are not compared: not every window was paid by its provider's plan, at one price."

    Example: A window below a step of its meter enters the mean, but no geometric mean
      Given its file has:
        | providers.codex.plan  | { usd: 14400, meter: 5h } |
        | providers.claude.plan | { usd: 28800, meter: 5h } |
      And these manual windows, with "codex" as the baseline:
        | WINDOW | PROVIDER | FEATURE | USED |
        | W0-01  | codex    | search  | 30   |
        | W0-02  | codex    | export  | 0    |
      When I run "experiment report --experiment manual"
      Then it ends with exit code 0
      And the report has a row "codex | $15.0000 | n/a (a cost is 0) | 1.000 | n/a (n &lt; 3) | n/a (no valid window with tokens) | n/a (nothing was used)"
      And the report has a row "Window | Provider | List price | By the agent's own word | Divergence"
