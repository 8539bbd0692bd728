Feature: Teams in the report
  A team's windows have a row for each turn of a role, and a retrospective. The report says from them what the team
  cost more, what it gained, where the money went, and what the review cost and moved.

  Background:
    Given the rehearsal has been run
    And a team worked the windows of "large":
      | ROLE        | COMMAND    | HANDOFF        | ROUND | TOKENS |
      | planner     | /plan      | plan           | 1     | 100    |
      | implementer | /implement | implementation | 1     | 500    |
      | reviewer    | /review    | review         | 1     | 200    |
      | implementer | /implement | implementation | 2     | 100    |
      | reviewer    | /review    | review         | 2     | 50     |
      | documenter  | /document  | documentation  | 1     | 50     |

  Rule: The report says where a team's money went, and what the review cost and moved

    Example: The report
      When I run "experiment report"
      Then it ends with exit code 0
      And the report says "its review loop took 35.0 % of what it spent; and its mean quality went from 0.500 before the review to 1.000 at the end, in 4 windows."
      And the report has a row "large | planning | 10.0 % | 400 | 4.00 | 16.7 % | 4"
      And the report has a row "large | the rework in it | 15.0 % | 600 | 8.00 | 33.3 % | 8"
      And the report has a row "large | 4 | 4 | 4 | 4 | 0 | 4 of 4 | 0 | 0 | 20 of 20 | 0 of 4 | 168 of 240"
      And the picture "team-timeline" is drawn, and says "16.7 % planning"

    Example: The preview
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints "Teams: 4 windows, 4 rework rounds, 0 handoffs refused, 0 breaches"

  Rule: Every figure about teams explains itself

    Example: A meaning, a heading of the method page, and a reason if it is missing
      When I run "experiment report"
      Then it ends with exit code 0
      And every figure of the report has a meaning and a heading of the method page
      And every table and figure of the Markdown is explained, with a heading of the method page
      And every missing figure says why
      And no figure of the report has two values

  Rule: The page of a team's window shows its turns

    @slow
    Example: With names that look like HTML
      Given Chromium is installed
      And a role of "W0-03" named "<img src=x onerror=globalThis.harm=1>"
      When I run "experiment report"
      And the page of the window "W0-03" is opened
      Then it ends with exit code 0
      And it shows these texts as they are, and none of them has run:
        | <img src=x onerror=globalThis.harm=1> |
      And every table and figure of the page is explained, with a heading of the method page
