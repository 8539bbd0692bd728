Feature: Role boundaries
  Each role works in a workspace and a home of its own. The harness decides what becomes of its changes.

  Rule: The reviewer sees the diff, not the reasoning

    @slow
    Example: What the implementer said of its work is not in the reviewer's prompt
      Given an experiment of a team whose model has "solve_probability: 1"
      When I run "experiment run --record recording"
      Then it ends with exit code 0
      And the prompts of the reviewer hold "diff --git a/src/lru-cache" and not "role: implementer"
      And the prompts of the implementer hold "role: planner" and not "diff --git"

    @spawn @slow
    Example: The real Claude Code as builder and critic
      Given Claude Code is installed
      And a model server that keeps count of what it deals
      And an experiment of the real Claude Code alone and as a builder and a critic on that server
      When I run "experiment run --record recording"
      Then the window of "team" has:
        | outcome | pass |
      And the prompts of the critic hold "diff --git a/src/lru-cache" and not "role: builder"
      And the ledger counts the very tokens that the server dealt

  Rule: Changes outside a role's artefact are discarded and recorded

    @slow
    Example: A planner and a reviewer that change files
      Given an experiment of a team whose model has "breaks_bounds: true"
      When it is run with ""
      Then it ends with exit code 0
      And the window of "team" has:
        | outcome | pass |
      And one row of "anomaly_recorded" has:
        | kind          | role_breach |
        | observed.role | planner     |
      And one row of "anomaly_recorded" has:
        | kind          | role_breach |
        | observed.role | reviewer    |
      And its commits are by "implementer, documenter"

  Rule: A commit per phase is made by the harness in the role's name

    @slow
    Example: The implementer's solution and the documenter's pages
      Given an experiment of a team whose model has "solve_probability: 1"
      When it is run with ""
      Then it ends with exit code 0
      And its turns are:
        | ROLE        | ROUND | END         | COMMIT  |
        | planner     | 1     | handed_over | none    |
        | implementer | 1     | handed_over | its own |
        | reviewer    | 1     | handed_over | none    |
        | documenter  | 1     | handed_over | its own |
      And its commits are by "implementer, documenter"
      And the tokens of its turns are those of its window

  Rule: A role stays within the files that its workflow names

    @slow
    Example: A builder that may change the documentation only
      Given an experiment of a builder and a critic whose model has "solve_probability: 1"
      And the file "pair.yaml" is changed:
        | TEXT           | INSTEAD             |
        | writes: ["**"] | writes: ["docs/**"] |
      When I run "experiment run"
      Then it ends with exit code 0
      And the window of "team" has:
        | outcome | fail |
      And one row of "anomaly_recorded" has:
        | kind          | role_breach |
        | observed.role | builder     |
