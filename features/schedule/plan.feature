Feature: Planned windows
  A plain file says which windows are planned. People edit it, and calendars exchange it.

  Rule: The file is plain text that people may edit

    Example: Comments and blank lines survive
      Given a file "windows.local.txt" that says:
        """
        # October

        2026-10-26 10:00  2026-10-26 15:00  W0-07  main  codex
        """
      When I run "experiment schedule add W0-08 --start 2026-10-27T10:00 --end 2026-10-27T15:00 --provider claude --time-zone UTC"
      Then it ends with exit code 0
      And the file "windows.local.txt" is:
        """
        # October

        2026-10-26 10:00  2026-10-26 15:00  W0-07  main  codex
        2026-10-27 10:00  2026-10-27 15:00  W0-08  main  claude
        """

    Example: A line that is wrong
      Given a file "windows.local.txt" that says:
        """
        # October
        2026-10-26 10:00  2026-10-26 25:00  W0-07  main  codex
        """
      When I run "experiment schedule list"
      Then it ends with exit code 2
      And it says 'windows.local.txt:2: expected a local date and time, got "2026-10-26 25:00". Write e.g.' on stderr

    Example: A time that the clocks leave out
      When I run "experiment schedule add W0-07 --start 2026-03-29T02:30 --end 2026-03-29T05:00 --provider codex --time-zone Europe/Berlin"
      Then it ends with exit code 2
      And it says "the clocks of Europe/Berlin are put forward over it. Write e.g. 2026-03-29 03:30." on stderr

  Rule: No window is planned to end within five minutes after a known reset

    Scenario Outline: The last reading of codex says that its 5h limit resets at 13:01
      Given codex was read before "W0-01" at "10:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 10% used | 13:01  |
      When I run "experiment schedule add W0-07 --start 2025-10-19T10:30 --end 2025-10-19T<END> --provider codex --time-zone UTC"
      Then it ends with exit code <CODE>

      Examples:
        | END   | CODE |
        | 13:00 | 0    |
        | 13:01 | 3    |
        | 13:05 | 3    |
        | 13:06 | 0    |

    Example: The refusal says which reset is known
      Given codex was read before "W0-01" at "10:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 10% used | 13:01  |
      When I run "experiment schedule add W0-07 --start 2025-10-19T10:30 --end 2025-10-19T13:02 --provider codex --time-zone UTC"
      Then it ends with exit code 3
      And it says "the last reading of codex says that its 5h limit resets at 2025-10-19 13:01" on stderr
      And it says "or at 2025-10-19 13:06 or later" on stderr
      And "windows.local.txt" does not exist

  Rule: Calendars are read and written

    Example: To a calendar and back, over the hour that clocks show twice
      Given "experiment schedule add W0-07 --start 2026-10-25T02:30 --end 2026-10-25T02:30+01:00 --provider codex --time-zone Europe/Berlin" has ended with exit code 0
      And "experiment schedule export --out plan.ics --time-zone Europe/Berlin" has ended with exit code 0
      When I run "experiment schedule import plan.ics --file other.txt --time-zone Europe/Berlin"
      Then it ends with exit code 0
      And the file "other.txt" has the line "2026-10-25 02:30+02:00  2026-10-25 02:30+01:00  W0-07  main  codex"

    Example: A calendar on stdout ends as calendars do
      Given "experiment schedule add W0-07 --start 2026-10-25T02:00 --end 2026-10-25T07:00 --provider codex --time-zone UTC" has ended with exit code 0
      When I run "experiment schedule export"
      Then each line of its output ends in CR and LF, and the last one says "END:VCALENDAR"

    Example: Other events of a calendar are left out
      Given a calendar with the events "experiment W0-07 main codex" and "Lunch"
      When I run "experiment schedule import calendar.ics"
      Then it prints "windows of the calendar: 1. Events that plan none: 1."
