Feature: One agent against a team
  The same model works alone and as a team. The report says what the team cost more and what it gained.

  Rule: The shipped example is checked before money is spent

    @spawn @slow
    Example: As it is shipped, with the built-in agent and without a key
      Given the product's example "solo-against-team/experiment.yaml" as "experiment.yaml"
      When I run "experiment run --rehearse"
      Then it ends with exit code 0
      And it prints "team (planner) worked on"
      And it prints "team (planner, implementer, reviewer, documenter) worked on"
      And nothing is written

    @spawn @slow
    Example: With the real Claude Code and the scripted model
      Given Claude Code is installed
      And the shipped example of one agent against a team, with Claude Code in it as its last lines say
      When I run "experiment run --rehearse"
      Then it ends with exit code 0
      And it prints "team (planner) worked on"
      And it prints "team (planner, implementer, reviewer, documenter) worked on"
      And nothing is written

  Rule: The report says where the money was spent and whether the review was worth it

    @slow
    Example: A review that improves the work
      Given an experiment of a team whose model has "rework_rounds: 1, solve_probability: 0.3"
      And it has been run with ""
      When I run "experiment report"
      Then it ends with exit code 0
      And the report says "and its mean quality went from"
      And its work was sent back 1 time
      And its quality before and after the review is in the ledger
