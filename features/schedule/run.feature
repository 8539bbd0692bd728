Feature: Readings and standing jobs run on time
  "experiment schedule run" takes readings and runs standing jobs. A notification says what a person has to do.

  Background:
    Given W0-07 of codex is planned on 2026-10-26 from 10:00 to 15:00 UTC
    And the clock says "2026-10-26T09:00:00.000Z"

  Rule: Readings and counts are taken unattended

    Example: The standing jobs of a new plan, from the programs to the preview
      Given W0-07 of claude is planned on 2026-10-26 from 10:00 to 15:00 UTC
      And the standing jobs of a new plan with claude-monitor, with scripted programs
      When the schedule runs, at "10:00" and "15:00" of that day, until nothing is due
      Then every snapshot and every count says "automation", and "W0-07" has counts from each of "ccusage-daily, ccusage-weekly"
      And the file ".experiment/Token_Churn_Ledger.csv" is:
        """
        date,session,task,tokens_planned,tokens_actual,delta,commits,lines,features,tests,notes
        2026-10-26,2026-10-26,day,,100,,,,,,mid: source=automation
        """
      And the preview says "automation"

    Example: Counts that a job could give to no window
      Given these standing jobs, with a scripted ccusage and panes of codex:
        """
        job daily 09:30 ./ccusage claude daily --json | experiment ingest ccusage --stdin --by-time
        job daily 09:31 ./ccusage claude daily --json | experiment ingest ccusage --stdin --by-time
        """
      When the schedule runs once at each of "09:00, 09:30, 09:31"
      Then it prints "1 new (1 in no window: no-time)."

    Example: A job that fails does not stop the others
      Given these standing jobs, with a scripted ccusage and panes of codex:
        """
        job before no-such-program | experiment ingest ccusage --stdin --window {window}
        job before experiment churn --window {window} --repo no-such-folder
        job before ./pane 10% | experiment snapshot before {provider} --window {window}
        """
      When the schedule runs, at "10:00" of that day, until nothing is due
      Then it prints "done  W0-07 (codex) before: ./pane 10%"
      And the kept outcomes are "done, failed, failed"
      And it ends with exit code 130

    @slow
    Example: claude-monitor in a pane of tmux
      Given W0-07 of claude is planned on 2026-10-26 from 10:00 to 15:00 UTC
      And a pane "monitor:0" of tmux that shows:
        """
        💰 Cost Usage:      🟢 [██░░░] 12.3%  $2.21 / $18.00
        📊 Token Usage:     🟢 [██░░░] 12.3%  12,345 / 44,000
        📨 Messages Usage:  🟢 [█░░░░]  4.0%  10 / 250
        ⏱️  Time to Reset:   ⏰ [██░░░] 2h 13m
        """
      And these standing jobs, with a scripted ccusage and panes of codex:
        """
        job before experiment snapshot before {provider} --tmux monitor --window {window}
        """
      When the schedule runs, at "10:00" of that day, until nothing is due
      Then the preview says "automation"
      And the last reading has the meters:
        | METER            | USED  | RESETS           |
        | monitor-tokens   | 12345 | 2026-10-26T12:13 |
        | monitor-cost     | 2.21  | 2026-10-26T12:13 |
        | monitor-messages | 10    | 2026-10-26T12:13 |

    Example: A job by the clock runs once a day
      Given these standing jobs, with a scripted ccusage and panes of codex:
        """
        job daily 09:30 ./ccusage daily --json | experiment ingest ccusage --stdin --by-time
        """
      When the schedule runs, at "09:30" of that day, until nothing is due
      And I run "experiment schedule run --once"
      Then it ends with exit code 0
      And the kept outcomes are "done"

  Rule: A reading waits after a reset

    Example: The limit resets at the end of the window
      Given these standing jobs, with a scripted ccusage and panes of codex:
        """
        job after ./pane 30% | experiment snapshot after {provider} --window {window}
        """
      And codex was read before "W0-07" at "2026-10-26T10:00:00Z":
        | METER | SHOWN    | RESETS |
        | 5h    | 10% used | 14:58  |
      When the schedule runs, at "15:00" of that day, until it waits until "15:03"
      Then it ends with exit code 130
      And the kept outcomes are "taken"

    Scenario Outline: A buffer of <SECONDS> seconds
      When I run "experiment schedule run --once --buffer-seconds <SECONDS>"
      Then it ends with exit code <CODE>

      Examples:
        | SECONDS | CODE |
        | 299     | 2    |
        | 300     | 0    |

  Rule: A missed moment is made up for as long as the reading is right

    Example: The machine slept until the window had ended
      When the schedule runs, at "15:01" of that day, until nothing is due
      Then it prints "missed  W0-07 (codex) before: Too late: the window has ended."
      And it prints "reminded  W0-07 (codex) after: 1 min late"
      And it ends with exit code 130

    Example: The clock is set back
      Given the clock says "2026-10-26T10:00:00.000Z"
      And "experiment schedule run --once" has ended with exit code 0
      And the clock says "2026-10-26T09:59:59.000Z"
      And "experiment schedule run --once" has ended with exit code 0
      And the clock says "2026-10-26T10:00:01.000Z"
      When I run "experiment schedule run --once"
      Then the kept outcomes are "reminded"

    Example: A person took the reading
      Given codex was read before "W0-07" at "2026-10-26T09:59:00Z":
        | METER | SHOWN    | RESETS |
        | 5h    | 10% used | 14:58  |
      When the schedule runs, at "10:00" of that day, until nothing is due
      Then it prints "taken  W0-07 (codex) before"
      And it ends with exit code 130

  Rule: A notification says what is due

    Example: Nothing takes the reading
      Given a program "notify-send" that notes what it is called with
      When the schedule runs, at "10:00" of that day, until nothing is due
      Then it ends with exit code 130
      And the file "notify-send.called" says "experiment snapshot before codex --window W0-07"

    Example: The desktop has no notifications
      When the schedule runs, at "10:00" of that day, until nothing is due
      Then it ends with exit code 130
      And the terminal's bell rings

    Example: What comes next
      When I run "experiment schedule next --time-zone UTC"
      Then it prints each of:
        | 2026-10-26 10:00     |
        | W0-07 (codex) before |
        | a notification       |

  Rule: Ctrl-C ends it, and what it interrupts is not done

    Example: While a program runs
      Given these standing jobs, with a scripted ccusage and panes of codex:
        """
        job before ./hanging
        """
      When the schedule runs, at "10:00" of that day, until the program hangs
      Then it ends with exit code 130
      And the kept outcomes are "reminded"
      And the program that hung has ended
