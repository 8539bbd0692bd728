Feature: Readings after a restart
  Cron starts the schedule every minute, and a person may end it and start it again. No reading is lost by that.

  Background:
    Given W0-07 of codex is planned on 2026-10-26 from 10:00 to 15:00 UTC
    And the clock says "2026-10-26T09:00:00.000Z"

  Rule: A reading stays open until it is taken or too late

    Example: It waits after a reset, and cron starts the schedule every minute
      Given these standing jobs, with a scripted ccusage and panes of codex:
        """
        job after ./pane 30% | experiment snapshot after {provider} --window {window}
        """
      And codex was read before "W0-07" at "2026-10-26T10:00:00Z":
        | METER | SHOWN    | RESETS |
        | 5h    | 10% used | 14:58  |
      When the schedule runs once at each of "15:00, 15:01, 15:02, 15:03"
      Then it prints "done  W0-07 (codex) after: ./pane 30%"
      And the kept outcomes are "done"

    Example: Another job ends while it waits
      Given these standing jobs, with a scripted ccusage and panes of codex:
        """
        job after ./pane 30% | experiment snapshot after {provider} --window {window}
        job daily 15:01 ./ccusage daily --json
        """
      And codex was read before "W0-07" at "2026-10-26T10:00:00Z":
        | METER | SHOWN    | RESETS |
        | 5h    | 10% used | 14:58  |
      When the schedule runs once at each of "15:00, 15:01, 15:03"
      Then the kept outcomes are "done, done"

    Example: Ctrl-C ends one of two jobs
      Given these standing jobs, with a scripted ccusage and panes of codex:
        """
        job after ./ccusage daily --json
        job after ./hanging
        """
      And the schedule has run, at "15:00" of that day, until the program hangs
      And the program that hung ends at once from now on
      When the schedule runs once at each of "15:01"
      Then it prints "done  W0-07 (codex) after: 1 min late: ./hanging"
      And the kept outcomes are "done, done, missed, reminded"

    Example: The schedule starts for the first time after the window
      When the schedule runs once at each of "15:02"
      Then it prints "reminded  W0-07 (codex) after: 2 min late"
      And the kept outcomes are "reminded"
      And it says "No later reading or job is planned." on stderr

    Example: The machine is off until it is too late
      Given codex was read before "W0-07" at "2026-10-26T10:00:00Z":
        | METER | SHOWN    | RESETS |
        | 5h    | 10% used | 14:58  |
      And the clock says "2026-10-26T15:00:00.000Z"
      And "experiment schedule run --once" has ended with exit code 0
      And the clock says "2026-10-27T15:00:00.000Z"
      When I run "experiment schedule run --once"
      Then it prints "missed  W0-07 (codex) after: Too late: another window or another day has begun."

  Rule: A job by the clock that Ctrl-C ended is made up for

    Example: Another job was done before it
      Given these standing jobs, with a scripted ccusage and panes of codex:
        """
        job daily 09:30 ./ccusage daily --json
        job daily 09:30 ./hanging
        """
      And the schedule has run, at "09:30" of that day, until the program hangs
      And the program that hung ends at once from now on
      When the schedule runs once at each of "09:31"
      Then it prints "done  daily 09:30: 1 min late: ./hanging"
