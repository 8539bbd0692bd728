Feature: Surprises of a plan
  A plan that can't be written, or that changes another one, says so.

  Background:
    Given W0-07 of codex is planned on 2026-10-26 from 10:00 to 15:00 UTC
    And the clock says "2026-10-26T09:00:00.000Z"

  Rule: A file that can't be written is named

    Scenario Outline: <COMMAND> into a folder that does not exist
      When I run "experiment schedule <COMMAND> <OPTIONS>"
      Then it ends with exit code 2
      And it says "expected a file that can be written, got: ENOENT" on stderr
      And it says "Name another one." on stderr

      Examples:
        | COMMAND | OPTIONS                                                                                                          |
        | export  | --out absent/plan.ics                                                                                            |
        | add     | W0-08 --start 2026-10-26T15:00 --end 2026-10-26T20:00 --provider codex --file absent/plan.txt --time-zone UTC    |

  Rule: A person learns what a new plan changes

    Example: The window was planned for another time
      When I run "experiment schedule add W0-07 --start 2026-10-26T11:00 --end 2026-10-26T15:00 --provider codex"
      Then it ends with exit code 0
      And it prints each of:
        | 2026-10-26 11:00  2026-10-26 15:00  W0-07  main  codex               |
        | It was planned before: from 2026-10-26 10:00 to 2026-10-26 15:00. |

    Example: The window has ended already
      When I run "experiment schedule add W0-06 --start 2026-10-26T04:00 --end 2026-10-26T09:00 --provider codex"
      Then it ends with exit code 0
      And it says "W0-06 (codex) has ended already: its reading before can't be taken any more." on stderr

    Example: Two events of a calendar plan the same window
      Given a calendar with the events "experiment W0-09 main glm" and "experiment W0-09 main glm"
      When I run "experiment schedule import calendar.ics --file new.txt"
      Then it ends with exit code 2
      And it says 'calendar.ics: event "experiment W0-09 main glm": expected one event for a window, got two. Remove one of them.' on stderr
      And "new.txt" does not exist

  Rule: A single look does not ask for Ctrl-C

    Example: With --once
      When I run "experiment schedule run --once"
      Then it says "Next: 2026-10-26 10:00 W0-07 (codex) before." on stderr
      And it does not say "Ctrl-C" on stderr
