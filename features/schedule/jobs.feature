Feature: Command lines of standing jobs
  A job is written as on a command line, but no shell reads it.

  Background:
    Given W0-07 of codex is planned on 2026-10-26 from 10:00 to 15:00 UTC
    And the clock says "2026-10-26T09:00:00.000Z"

  Rule: A command of experiment may begin with npx

    Example: A job takes a reading, so no reminder is shown
      Given these standing jobs, with a scripted ccusage and panes of codex:
        """
        job before ./pane 10% | npx experiment snapshot before {provider} --window {window}
        """
      When the schedule runs once at each of "10:00"
      Then the kept outcomes are "done"
      And the preview says "automation"

    Example: Without a program before it
      Given these standing jobs, with a scripted ccusage and panes of codex:
        """
        job daily 09:30 npx experiment checkpoint mid --session monday
        """
      When the schedule runs once at each of "09:00, 09:30"
      Then the file ".experiment/Token_Churn_Ledger.csv" is:
        """
        date,session,task,tokens_planned,tokens_actual,delta,commits,lines,features,tests,notes
        2026-10-26,monday,,,,,,,,,mid: source=automation
        """

  Rule: A line that can't run is refused when the plan is read

    Scenario Outline: <WHAT>
      Given these standing jobs, with a scripted ccusage and panes of codex:
        """
        job daily 09:30 <LINE>
        """
      When I run "experiment schedule list"
      Then it ends with exit code 2
      And it says 'windows.local.txt:2: expected <WANTED>' on stderr

      Examples:
        | WHAT                     | LINE                                  | WANTED                                       |
        | A misspelt command       | experiment snapshut before codex      | a command of experiment, got "snapshut"      |
        | A misspelt one after npx | npx experiment snapshut before codex  | a command of experiment, got "snapshut"      |
        | No command               | cat x \| experiment                   | a command of experiment, got none            |
        | A pipe without blanks    | cat x\|experiment ingest otlp --stdin | a blank on each side of \|                   |
        | Another pipe             | cat x \|\| cat y                      | a blank on each side of \|                   |
        | A redirection            | experiment preview > x                | no characters that only a shell reads, got > |
        | A command behind another | cat x; cat y                          | no characters that only a shell reads, got ; |
        | A background job         | cat x &                               | no characters that only a shell reads, got & |
        | Quotes                   | cat "x y"                             | no characters that only a shell reads, got " |

    Example: What to write instead
      Given these standing jobs, with a scripted ccusage and panes of codex:
        """
        job daily 09:30 experiment preview > x
        """
      When I run "experiment schedule list"
      Then it ends with exit code 2
      And it says "Put the line into a script of your own and name that, e.g. job daily 06:30 ./count.sh" on stderr
