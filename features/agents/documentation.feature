Feature: The documenter
  The documenter leaves five deliverables: usage, reference, examples, troubleshooting and a change note.

  Rule: It works after the implementation, or at the same time

    @slow
    Scenario Outline: <WHEN>
      Given an experiment of a team in which the documenter has "<FIELDS>"
      And the file "experiment.yaml" is changed:
        | TEXT             | INSTEAD                 |
        | output_spread: 0 | rework_rounds: <ROUNDS> |
      When I run "experiment run"
      Then the window of "team" has:
        | outcome | pass |
      And one row of "team_reviewed" has:
        | deliverables | usage, reference, examples, troubleshooting, change_note |
      And its commits are by "implementer, documenter"
      And its work was sent back <ROUNDS> times

      Examples:
        | WHEN                                     | FIELDS          | ROUNDS |
        | After the reviewer                       | parallel: false | 0      |
        | Beside the reviewer that sends work back | parallel: true  | 1      |
