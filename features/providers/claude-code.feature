Feature: Claude Code
  The real CLI works on a task headless through the proxy. Without the CLI these examples are skipped,
  except in continuous integration.

  Rule: Its work is graded, and its tokens equal the model's

    @spawn @slow
    Example: The same experiment with the real CLI
      Given Claude Code is installed
      And a model server that keeps count of what it deals
      And an experiment of "lru-cache" with two "claude-code" providers on that server
      When I run "experiment run --seed 42"
      Then the rows of "window_finalized" are:
        | outcome | quality |
        | pass    | 1       |
        | pass    | 1       |
      And every window has:
        | churn.files_changed | > 0 |
      And the ledger counts the very tokens that the server dealt

    @spawn @slow
    Example: Its own count agrees with the proxy's
      Given Claude Code is installed
      And a model server that keeps count of what it deals
      And an experiment of "lru-cache" with two "claude-code" providers on that server
      When I run "experiment run --seed 7"
      Then every window's own report counts the same tokens
      And no anomaly is recorded

  Rule: A spent budget stops it at the first refusal

    @spawn @slow
    Example: A command budget that the first answers use up
      Given Claude Code is installed
      And a model server that keeps count of what it deals, whose answers take 30000 tokens each
      And an experiment of "lru-cache" with two "claude-code" providers on that server
      When I run "experiment run --seed 42 --command-budget /implement=60000"
      Then the rows of "window_finalized" are:
        | outcome | requests.refused |
        | capped  | 1                |
        | capped  | 1                |
      And 2 captures hold "Spending cap of implement reached. This run is over."
      And the ledger counts the very tokens that the server dealt
