Feature: Usage rows
  People who work in sessions keep two tables: what was planned and used, and what was changed.

  Background:
    Given the clock says "2026-10-26T12:00:00.000Z"
    And a repository with two commits

  Rule: Each call adds a usage row, and unknown values are empty

    Example: From the plan to the end
      Given "experiment checkpoint plan --session monday --task search --planned 120000 --time-zone UTC" has ended with exit code 0
      And "experiment churn --window W0-07 --provider codex --repo project --commit-start HEAD~1 --commit-end HEAD --scenarios 2" has ended with exit code 0
      When I run "experiment checkpoint final --session monday --task search --window W0-07 --actual 90000 --tests 4 --time-zone UTC"
      Then it ends with exit code 0
      And the file ".experiment/Token_Churn_Ledger.csv" is:
        """
        date,session,task,tokens_planned,tokens_actual,delta,commits,lines,features,tests,notes
        2026-10-26,monday,search,120000,,,,,,,plan
        2026-10-26,monday,search,120000,90000,-30000,1,1,,4,final
        """
      And the file ".experiment/Churn_Ledger.csv" is:
        """
        date,window,provider,methodology,commits,files,insertions,deletions,net,features,normalized_churn,notes
        2026-10-26,W0-07,codex,,1,1,2,1,1,,0.5,final
        """

    Example: No spreadsheet runs a text
      When I run "experiment checkpoint mid --session monday --task =1+1 --time-zone UTC"
      Then it ends with exit code 0
      And the file ".experiment/Token_Churn_Ledger.csv" is:
        """
        date,session,task,tokens_planned,tokens_actual,delta,commits,lines,features,tests,notes
        2026-10-26,monday,'=1+1,,,,,,,,mid
        """

  Rule: The usage row of a standing job says that no person wrote it

    Example: A usage row at the end of a window names it
      Given W0-07 of codex is planned on 2026-10-26 from 10:00 to 15:00 UTC
      And these standing jobs, with a scripted ccusage and panes of codex:
        """
        job after experiment checkpoint mid --session {date} --task day --window {window} --provider {provider} --agent {agent}
        """
      And "experiment churn --window W0-07 --provider codex --repo project --commit-start HEAD~1 --commit-end HEAD" has ended with exit code 0
      When the schedule runs once at each of "15:00"
      Then the file ".experiment/Token_Churn_Ledger.csv" is:
        """
        date,session,task,tokens_planned,tokens_actual,delta,commits,lines,features,tests,notes
        2026-10-26,2026-10-26,day,,,,1,1,,,mid: source=automation
        """

  Rule: A file with other columns is refused and not changed

    Scenario Outline: <FILE> has other columns
      Given a file ".experiment/<FILE>" that says:
        """
        day,tokens
        """
      When I run "experiment checkpoint mid --session monday"
      Then it ends with exit code 2
      And it says "<FILE>:1: expected the columns date," on stderr
      And the file ".experiment/<FILE>" is:
        """
        day,tokens
        """

      Examples:
        | FILE                   |
        | Token_Churn_Ledger.csv |
        | Churn_Ledger.csv       |

  Rule: A page of the repository names both tables between two markers

    Example: The rest of the page stays
      Given a file "docs/SESSION.md" that says:
        """
        Before.
        <!-- counterbalance: ledgers -->
        old
        <!-- /counterbalance -->
        After.
        """
      When I run "experiment checkpoint mid --session monday --handoff docs/SESSION.md"
      Then it ends with exit code 0
      And the file "docs/SESSION.md" is:
        """
        Before.
        <!-- counterbalance: ledgers -->
        - `../.experiment/Token_Churn_Ledger.csv`
        - `../.experiment/Churn_Ledger.csv`
        <!-- /counterbalance -->
        After.
        """

    Example: The churn of the window is measured first
      Given "experiment complete --window W0-07 --provider codex --feature lru-cache --outcome pass --commit-start HEAD~1 --commit-end HEAD --repo project" has been run
      And a file "docs/SESSION.md" that says:
        """
        Before.
        """
      When I run "experiment checkpoint final --session monday --window W0-07 --handoff docs/SESSION.md --repo project --time-zone UTC"
      Then it ends with exit code 0
      And it prints "W0-07 (codex): churn measured, net +1"
      And the ledger has 1 row of "churn"
      And the file ".experiment/Churn_Ledger.csv" is:
        """
        date,window,provider,methodology,commits,files,insertions,deletions,net,features,normalized_churn,notes
        2026-10-26,W0-07,codex,,1,1,2,1,1,lru-cache,,final
        """

    Example: Without its commits no churn can be measured
      Given "experiment complete --window W0-07 --provider codex --feature lru-cache --outcome pass" has been run
      And a file "docs/SESSION.md" that says:
        """
        Before.
        """
      When I run "experiment checkpoint mid --session monday --window W0-07 --handoff docs/SESSION.md"
      Then it ends with exit code 0
      And it prints "W0-07 (codex): no churn, because its completion names no commits"
      And the ledger has 0 rows of "churn"

    Example: Without a repository no usage row is written
      Given "experiment complete --window W0-07 --provider codex --feature lru-cache --outcome pass --commit-start 1a2b3c4 --commit-end 5d6e7f8" has been run
      And a file "docs/SESSION.md" that says:
        """
        Before.
        """
      When I run "experiment checkpoint mid --session monday --window W0-07 --handoff docs/SESSION.md --repo project"
      Then it ends with exit code 2
      And it says "--commit-start 1a2b3c4: expected a commit of" on stderr
      And it says "Name the repository of the work with --repo." on stderr
      And the file "docs/SESSION.md" is:
        """
        Before.
        """

    Example: Half a pair of markers
      Given a file "docs/SESSION.md" that says:
        """
        <!-- counterbalance: ledgers -->
        """
      When I run "experiment checkpoint mid --session monday --handoff docs/SESSION.md"
      Then it ends with exit code 2
      And it says "got 1 and 0. Keep one pair." on stderr

    Example: Markers in a block of code are only shown
      Given a file "docs/SESSION.md" that says:
        """
        ```html
        <!-- counterbalance: ledgers -->
        <!-- /counterbalance -->
        ```
        <!-- counterbalance: ledgers -->
        <!-- /counterbalance -->
        """
      When I run "experiment checkpoint mid --session monday --handoff docs/SESSION.md"
      Then it ends with exit code 0
      And the file "docs/SESSION.md" is:
        """
        ```html
        <!-- counterbalance: ledgers -->
        <!-- /counterbalance -->
        ```
        <!-- counterbalance: ledgers -->
        - `../.experiment/Token_Churn_Ledger.csv`
        - `../.experiment/Churn_Ledger.csv`
        <!-- /counterbalance -->
        """

    Example: A folder
      Given the folder "docs" is made
      When I run "experiment checkpoint mid --session monday --handoff docs"
      Then it ends with exit code 2
      And it says "/docs: expected a text file, got a folder. Name a file in it." on stderr
