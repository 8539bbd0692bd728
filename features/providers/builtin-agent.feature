Feature: The built-in agent
  A user with just an API key, or with an own model, can take part with the product's built-in agent.

  Rule: Its work is graded, and its tokens equal the model's

    Example: Two models that solve the task
      Given a model server that keeps count of what it deals
      And an experiment of "lru-cache" with two "builtin-agent" providers on that server
      When I run "experiment run --seed 42"
      Then it ends with exit code 0
      And the rows of "window_finalized" are:
        | outcome | quality |
        | pass    | 1       |
        | pass    | 1       |
      And every window has:
        | churn.files_changed | > 0 |
      And the ledger counts the very tokens that the server dealt

    @slow
    Example: Its own count agrees with the proxy's
      Given a model server that keeps count of what it deals
      And an experiment of "lru-cache" with two "builtin-agent" providers on that server
      When I run "experiment run --seed 42"
      Then every window's own report counts the same tokens
      And no anomaly is recorded

    @slow
    Example: Two models behind the Chat Completions API
      Given a model server that keeps count of what it deals
      And an experiment of "lru-cache" with two "builtin-agent" providers on that server
      And its file has:
        | providers.*.dialect | openai-chat |
      When I run "experiment run --seed 42"
      Then the rows of "window_finalized" are:
        | outcome | quality |
        | pass    | 1       |
        | pass    | 1       |
      And the ledger counts the very tokens that the server dealt

    @slow
    Example: Two models that solve a small part
      Given a model server that keeps count of what it deals, whose models solve nothing
      And an experiment of "lru-cache" with two "builtin-agent" providers on that server
      When I run "experiment run --seed 42"
      Then it ends with exit code 0
      And the rows of "window_finalized" are:
        | outcome | quality |
        | partial | < 1     |
        | partial | < 1     |
      And the ledger counts the very tokens that the server dealt

  Rule: The agent never sees the provider's key

    @slow
    Example: The key goes to the server and nowhere else
      Given a model server that keeps count of what it deals
      And an experiment of "lru-cache" with two "builtin-agent" providers on that server
      And the environment of the agent's processes is watched
      When I run "experiment run --seed 42"
      Then it ends with exit code 0
      And the server was shown the provider's key with every request, which neither the agent's environment nor a file of the run holds
