Feature: Budget rows that have the id of another row
  Every sum of tokens, dollars and minutes counts a row once, however often the row is there.

  Background:
    Given a small experiment
    And it has been run with ""

  Rule: The first of two rows with the same id counts, in every sum

    Scenario Outline: A ledger with <TWIN>
      Given the file "budgets.jsonl" has "<TWIN>"
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints "Duplicate ids: 1 (<RECORD> 1), the row read first counts"
      And the preview's lines carry these marks:
        | LINE      | MARKS |
        | Outcomes: | †1    |
      And it shows the budgets that it shows without the last row of "budgets.jsonl"

      Examples:
        | TWIN                             | RECORD          |
        | its last reservation again       | budget_reserved |
        | its last request's debit again   | budget_debited  |
        | its last attempt's minutes again | budget_debited  |

    Example: A ledger without twins
      When I run "experiment preview"
      Then it ends with exit code 0
      And it does not print "Duplicate ids"
