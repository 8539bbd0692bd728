Feature: Budgets as they are shown
  What is used of a limit is a bar of 20 cells with the true percentage beside it.

  Rule: The preview shows a bar, or says that there is no limit

    Background:
      Given a small experiment

    Example: Nothing is limited and nothing is used
      Given it has been run with "--command-budget /implement=0"
      When I run "experiment preview"
      Then the bar of "overall" is "[NO BUDGET SET]"

    Example: Nothing is limited and something is used
      Given it has been run with ""
      When I run "experiment preview"
      Then the bar of "overall" begins with "[UNLIMITED]" and ends with the tokens used

    Example: Past its limit a bar is full, and its percentage is the true one
      Given it has been run with "--budget-enforcement-mode warn --command-budget /implement=1000 --overall-token-budget 1500"
      When I run "experiment preview"
      Then the bar of "overall" is full, with the share of 1500 tokens that was really used

    Example: Within its limit a bar has as many cells as the share used
      Given it has been run with "--command-budget /implement=4000"
      When I run "experiment preview"
      Then the bar of "/implement (dearest attempt)" has as many of its 20 cells filled as its percentage says

  Rule: Colours are for terminals, and for nobody who refuses them

    Background:
      Given a small experiment
      And it has been run with "--budget-enforcement-mode warn --command-budget /implement=1000 --overall-token-budget 1500"

    @spawn
    Example: On a terminal the bar of a spent budget is red
      Given a terminal
      When I run "experiment preview" on the terminal
      Then it prints a red bar and no other colour

    @spawn
    Example: NO_COLOR takes the colour away
      Given a terminal
      And the variable NO_COLOR is "1"
      When I run "experiment preview" on the terminal
      Then it prints a bar without any colour

    Example: Elsewhere there is no colour
      When I run "experiment preview"
      Then it prints a bar without any colour

  Rule: While a session runs, a terminal shows where it stands

    @spawn @slow
    Example: The window, its provider, the bars and what is left
      Given a terminal
      And a small experiment
      When I run "experiment run --command-budget /implement=40000 --overall-token-budget 200000" on the terminal
      Then it ends with exit code 0
      And the terminal has shown a window at work, with its provider and its command
      And the terminal has shown a bar of "overall" and one of "/implement"
      And the terminal has shown "0 of 2 windows final, 2 left" before "1 of 2 windows final, 1 left"

    Example: Elsewhere it is told in plain lines
      Given a small experiment
      When it is run with "--command-budget /implement=4000"
      Then it ends with exit code 0
      And every window's start and end is a line on stderr
      And it writes no control codes on stderr
