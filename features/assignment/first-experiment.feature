Feature: A first experiment
  A new user has a clone of a repository and the CLI of an agent. Two commands lead to a report about
  tasks of that repository, and no file is written by hand.

  Rule: The installed program makes the tasks, runs them and reports

    @spawn @slow
    Scenario Outline: A repository in <LANGUAGE>
      Given Claude Code and the tools for <LANGUAGE> are installed
      And the packed program is installed globally
      And the user is in a clone of a repository in <LANGUAGE> with 10 commits, which a model behind ANTHROPIC_BASE_URL knows
      When the user runs "experiment init --yes && experiment run"
      Then the report compares two providers on at least 3 tasks, in at most 10 min of its own time, with the tokens that the model dealt

      Examples:
        | LANGUAGE   |
        | Python     |
        | Go         |
        | TypeScript |
