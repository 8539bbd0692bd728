Feature: Narrow terminals
  No line is longer than the terminal. Tables drop their last columns and say how many, and sentences continue below
  themselves. `COLUMNS` sets another width. A pipe or a file gets every column, and sentences in one piece.

  Rule: No command prints a line that is too long

    @slow
    Scenario Outline: <COLUMNS> columns
      Given the rehearsal has been run
      And the variable COLUMNS is "<COLUMNS>"
      Then no command prints a line of more than <COLUMNS> columns

      Examples:
        | COLUMNS |
        | 40      |
        | 60      |
        | 80      |
        | 120     |

    Scenario Outline: Manual windows in <COLUMNS> columns
      Given 3 features have manual windows, with "one" as the baseline
      And the variable COLUMNS is "<COLUMNS>"
      When I run "experiment <COMMAND>"
      Then it ends with exit code <CODE>
      And it prints at most 300 lines of at most <COLUMNS> columns

      Examples:
        | COMMAND                     | COLUMNS | CODE |
        | preview --experiment manual | 40      | 0    |
        | gate --experiment manual    | 60      | 10   |
        | gate --experiment manual    | 40      | 10   |

  Rule: A narrow table says what it leaves out

    Example: The preview in 60 columns
      Given the rehearsal has been run
      And the variable COLUMNS is "60"
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints "Provider  Valid  Features  Capacity  Features"
      And it prints "columns more with a wider terminal or --json"
      And it does not print "Efficiency"

    Example: The preview in a pipe
      Given the rehearsal has been run
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints "Files changed  Lines added  Lines removed"
      And it does not print "with a wider terminal"

    Example: Long names of windows and providers leave room for what they did
      Given "experiment override --window window-of-the-first-afternoon-in-november-2025 --provider provider-of-the-second-team-in-the-north --phase before --reading 5h=10@2025-10-19T21:00:00Z --at 2025-10-19T18:00:00Z" has been run
      And the variable COLUMNS is "60"
      When I run "experiment preview --experiment manual"
      Then it ends with exit code 0
      And it prints each of:
        | window-o…er-2025  provider…e-north  (not known yet) |
        | window-of…ber-2025  provider-…he-north  5h |

  Rule: Programs get JSON as it is

    Example: JSON in 40 columns
      Given the rehearsal has been run
      And the variable COLUMNS is "120"
      And what "experiment ledger verify --json" prints
      And the variable COLUMNS is "40"
      When I run "experiment ledger verify --json"
      Then it ends with exit code 0
      And it prints the same as before
