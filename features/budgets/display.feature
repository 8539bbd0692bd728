Feature: Display of budgets
  A bar of 20 cells shows the used share of a limit, with the true percentage next to it.

  Rule: The preview shows a bar, or says that there is no limit

    Background:
      Given a small experiment

    Example: Nothing is limited and nothing is used
      Given it has been run with "--command-budget /implement=0"
      When I run "experiment preview"
      Then the bar of "overall" is "[NO BUDGET SET]"

    @slow
    Example: Nothing is limited and something is used
      Given it has been run with ""
      When I run "experiment preview"
      Then the bar of "overall" begins with "[UNLIMITED]" and ends with the tokens used

    Example: Past its limit a bar is full, with the true percentage
      Given it has been run with "--budget-enforcement-mode warn --command-budget /implement=1000 --overall-token-budget 1500"
      When I run "experiment preview"
      Then the bar of "overall" is full, with the share of 1500 tokens that was really used

    @slow
    Example: Every limit is shown with its unit
      Given a small experiment whose thousand tokens cost 1 dollar
      And it has been run with "--overall-token-budget 90000 --overall-cost-budget 90 --overall-minutes-budget 45 --period-token-budget 80000 --period-cost-budget 80 --period 5h --role-budget implementer=40000 --window-token-budget 50000"
      When I run "experiment preview"
      Then the budgets are shown as:
        | BUDGET                             | LIMIT          |
        | overall                            | 90.0K uncached |
        | overall                            | $90.00         |
        | overall                            | 45 min         |
        | period of 5h                       | 80.0K uncached |
        | period of 5h                       | $80.00         |
        | role implementer (dearest attempt) | 40.0K uncached |
        | window (dearest attempt)           | 50.0K uncached |

    Example: The tokens are shown with their basis
      Given it has been run with "--budget-basis all --overall-token-budget 90000"
      When I run "experiment preview"
      Then it prints "/ 90.0K all)"
      And it does not print "K uncached)"

    Example: Within its limit a bar has as many cells as the share used
      Given it has been run with "--command-budget /implement=6000"
      When I run "experiment preview"
      Then the bar of "/implement (dearest attempt)" has as many of its 20 cells filled as its percentage says

  Rule: The use by commands and roles is shown in full, with the limit and its origin

    Background:
      Given a small experiment whose thousand tokens cost 1 dollar
      And it has been run with "--command-budget /implement=40000 --command-cost-budget /implement=50 --role-budget implementer=45000"

    Scenario Outline: In the <PLACE>, to the last token
      When I read the <PLACE>
      Then it shows the attempts' tokens and dollars to the last one:
        | OWNER            | UNIT   | LIMIT           | FROM                   |
        | /implement       | tokens | 40,000 uncached | command line           |
        | /implement       | usd    | $50.00          | command line           |
        | role implementer | tokens | 45,000 uncached | command line           |
        | role implementer | usd    | unlimited       | n/a (no limit was set) |

      Examples:
        | PLACE   |
        | preview |
        | report  |

  Rule: Bars can be switched off

    Background:
      Given a small experiment

    Scenario Outline: The <WHERE> has no bars
      Given it has been run with "--disable-budget-visuals --command-budget /implement=40000"
      When I read the <WHERE>
      Then it shows the share of "/implement (dearest attempt)" and no bar

      Examples:
        | WHERE   |
        | preview |
        | report  |

    @spawn @slow
    Example: The terminal has no bars
      Given a terminal
      When I run "experiment run --disable-budget-visuals --command-budget /implement=40000" on the terminal
      Then it ends with exit code 0
      And the terminal has shown the share of "/implement" and no bar

  Rule: A forecast says when a budget is empty at this pace

    Background:
      Given a small experiment

    Example: An experiment that is not complete
      Given a small experiment with:
        | tasks       | lru-cache, rate-limiter |
        | concurrency | 2                       |
      And it has been run with "--overall-token-budget 12000 --command-budget /implement=6000"
      When I run "experiment preview"
      Then the bar of "overall" ends with a time of day at which it is empty

    Example: A complete experiment has no forecast
      Given it has been run with "--budget-basis all --overall-token-budget 90000"
      When I run "experiment preview"
      Then it does not print "at this pace"

    Example: The report has the pace and no forecast
      Given it has been run with "--overall-token-budget 12000 --command-budget /implement=6000"
      When I run "experiment report"
      Then the report says how many uncached tokens the last session took in an hour
      And the report does not say "empty at"

  Rule: Each threshold is a line on the terminal, once

    Example: Thresholds of tokens, in their basis
      Given a small experiment
      When it is run with "--budget-enforcement-mode warn --overall-token-budget 1500"
      Then it says on stderr once each, in this order:
        | 70 % of the overall budget reached:  |
        | 90 % of the overall budget reached:  |
        | 100 % of the overall budget reached: |

    Example: Thresholds of dollars
      Given a small experiment whose thousand tokens cost 1 dollar
      When it is run with "--budget-enforcement-mode warn --overall-cost-budget 1.50"
      Then it says on stderr once each, in this order:
        | 70 % of the overall budget reached: $  |
        | 90 % of the overall budget reached: $  |
        | 100 % of the overall budget reached: $ |

    Example: Use far below the thresholds causes no line
      Given a small experiment
      When it is run with "--budget-enforcement-mode warn --overall-token-budget 900000"
      Then it does not say "budget reached" on stderr

  Rule: Colours appear only on terminals that accept them

    Background:
      Given a small experiment
      And it has been run with "--budget-enforcement-mode warn --command-budget /implement=1000 --overall-token-budget 1500"

    @spawn
    Example: On a terminal the bar of a spent budget is red
      Given a terminal
      When I run "experiment preview" on the terminal
      Then it prints a red bar and no other colour

    @spawn
    Example: NO_COLOR removes the colour
      Given a terminal
      And the variable NO_COLOR is "1"
      When I run "experiment preview" on the terminal
      Then it prints a bar without any colour

    Example: A file or a pipe gets no colour
      When I run "experiment preview"
      Then it prints a bar without any colour

  Rule: While a session runs, a terminal shows its state

    @spawn @slow
    Example: When the budget will be empty, and every unit
      Given a terminal
      And a small experiment whose thousand tokens cost 1 dollar
      When I run "experiment run --overall-cost-budget 2000 --overall-token-budget 500000 --period-token-budget 400000 --period 5h" on the terminal
      Then it ends with exit code 0
      And the terminal has shown a bar of "overall" with "/ $2000.00)"
      And the terminal has shown a bar of "overall" with "/ 500.0K uncached), at this pace empty at "
      And the terminal has shown a bar of "period" with "/ 400.0K uncached)"

    @spawn @slow
    Example: The window, its provider, the bars and the remaining amounts
      Given a terminal
      And a small experiment
      When I run "experiment run --command-budget /implement=40000 --overall-token-budget 200000" on the terminal
      Then it ends with exit code 0
      And the terminal has shown a window at work, a bar of "overall" and one of "/implement", and "0 of 2 windows final, 2 left" before "1 of 2 windows final, 1 left"

    Example: A file or a pipe gets plain lines
      Given a small experiment
      When it is run with "--command-budget /implement=6000"
      Then it ends with exit code 0
      And every window's start and end is a line on stderr
      And it writes no control codes on stderr
