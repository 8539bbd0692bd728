Feature: Two teams in parallel
  Teams that work at the same time do not touch each other's state.

  Rule: Each team's turns, tokens and commits are its own

    @slow
    Example: Two windows of teams at the same time leave what one after the other leaves
      Given an experiment of two teams that work at the same time
      When I run "experiment run"
      Then it ends with exit code 0
      And the rows of "window_finalized" are:
        | outcome |
        | pass    |
        | pass    |
        | pass    |
        | pass    |
      And each team's turns follow each other without those of the other, and add up to the tokens of their windows
