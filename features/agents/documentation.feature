Feature: The documenter
  The documenter leaves five deliverables: usage, reference, examples, troubleshooting and a change note.

  Rule: It works after the implementation, or beside it

    @slow
    Scenario Outline: <WHEN>
      Given an experiment of a team in which the documenter has "<FIELDS>"
      When I run "experiment run"
      Then it ends with exit code 0
      And the team's window ends as "pass"
      And its deliverables are "usage, reference, examples, troubleshooting, change_note"
      And its commits are by "implementer, documenter"

      Examples:
        | WHEN                  | FIELDS                                  |
        | After the reviewer    | parallel: false                         |
        | Beside the reviewer   | parallel: true                          |
