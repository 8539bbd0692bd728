Feature: The live screen
  People see at a glance how far a run is, on any terminal; logs and programs get lines.

  Rule: A terminal shows windows with their phase, the order of pairs as they fill up, and the pace

    @spawn @slow
    Example: The rehearsal on 80 columns
      Given "experiment run --seed 42" runs on a terminal of 80 columns and 24 rows
      Then the screen shows "W0-01  working…small  /implement room-bookings"
      And the screen shows "W0-01  grading"
      And the screen shows "       o~ .. .. .."
      And the screen shows "A large, B small: + passed, o partly"
      And the screen shows "7 of 8 windows final, 1 left, about"
      And it ends on the terminal with exit code 0, at most 12 lines and nothing of the progress

    @spawn @slow
    Example: A terminal that becomes narrow
      Given "experiment run --seed 42" runs on a terminal of 80 columns and 24 rows
      And the screen shows "W0-01 ended"
      When I resize it to 40 columns
      Then no line was wider than 40 columns since

    @spawn @slow
    Example: NO_COLOR
      Given "experiment run --seed 42 --overall-token-budget 90000" runs on a terminal of 80 columns and 24 rows with NO_COLOR
      Then the screen shows "overall      [#"
      And it ends on the terminal with exit code 0
      And nothing on the terminal was coloured

  Rule: Ctrl-Z gives the terminal back, and Ctrl-C loses nothing

    @spawn @slow
    Example: Stopped and continued
      Given "experiment run --seed 42" runs on a terminal of 80 columns and 24 rows
      And the screen shows "W0-01 ended"
      When I press Ctrl-Z
      Then the terminal has its cursor again, and it continues in the foreground
      And it ends on the terminal with exit code 0

    @spawn @slow
    Example: Interrupted
      Given "experiment run --seed 42" runs on a terminal of 80 columns and 24 rows
      And the screen shows "W0-01 ended"
      And Ctrl-C ends it on the terminal with exit code 130
      When I run "experiment run --seed 42 --resume"
      Then it ends with exit code 0
      And it prints "can't tell yet"

  Rule: Logs get a line an event with its time, and programs get events

    @slow
    Example: Without a terminal
      When I run "experiment run --seed 42"
      Then it ends with exit code 0
      And each line of progress on stderr begins with its time

    @slow
    Example: --json-events
      When I run "experiment run --seed 42 --json-events"
      Then it ends with exit code 0
      And each line on stdout is an event of docs/events.schema.json, from run_started to run_ended
