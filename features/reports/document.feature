Feature: What a report says first, and how it explains itself
  A reader finds the answer on the first screen. Every figure has one value and says what it means.

  Background:
    Given the rehearsal has been run

  Rule: The first screen answers five questions

    Example: The Markdown
      When I run "experiment report"
      Then it ends with exit code 0
      And the first 40 lines of the report have the answers of its JSON

  Rule: Every figure explains itself

    Example: A meaning, a heading of the method page, and a reason if it is missing
      When I run "experiment report"
      Then it ends with exit code 0
      And every figure of the report has a meaning and a heading of the method page
      And every table and figure of the Markdown is explained, with a heading of the method page
      And every missing figure says why
      And every interval of the report says its level and when it holds, and each heading that it links is in the method page

    Example: One value for a figure, wherever it is shown
      When I run "experiment report"
      Then it ends with exit code 0
      And no figure of the report has two values

    Scenario Outline: P-values are written alike in the <PLACE> of <COMMAND>
      When I run "experiment <COMMAND>"
      Then it ends with exit code <CODE>
      And every p-value of its <PLACE> has four decimals

      Examples:
        | COMMAND | PLACE  | CODE |
        | report  | report | 0    |
        | gate    | output | 10   |

  Rule: A block that has nothing to say is one line

    Scenario Outline: <BLOCK>
      When I run "experiment report"
      Then it ends with exit code 0
      And the report has the line "<LINE>"

      Examples:
        | BLOCK           | LINE                                                                                                                    |
        | Missing windows | No window is missing.                                                                                                   |
        | Anomalies       | None was recorded.                                                                                                      |
        | Budgets         | No warning, refusal or breach.                                                                                          |
        | Divergences     | The agents' own counts of all 8 windows were compared with the proxy's. None differs by more than the registered share. |
        | Requests        | Every request could be counted.                                                                                         |