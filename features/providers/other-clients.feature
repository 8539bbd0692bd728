@slow
Feature: opencode, Gemini CLI, Qwen Code and pi
  The real CLIs work on a task headless through the proxy, by its address or intercepted. Without a CLI its
  examples are skipped, except in continuous integration.

  Rule: Their work is graded, and their tokens equal the model's

    @spawn
    Scenario Outline: <DRIVER>, reached by <VIA>
      Given the client "<DRIVER>" is installed
      And a model server that keeps count of what it deals
      And an experiment of "lru-cache" with two "<DRIVER>" providers on that server
      And its file has:
        | providers.*.via | <VIA> |
      When I run "experiment run --seed 42"
      Then the rows of "window_finalized" are:
        | outcome | quality |
        | pass    | 1       |
        | pass    | 1       |
      And the ledger counts the very tokens that the server dealt

      Examples:
        | DRIVER   | VIA      |
        | opencode | base-url |
        | opencode | mitm     |
        | gemini   | base-url |
        | gemini   | mitm     |
        | qwen     | base-url |
        | qwen     | mitm     |
        | pi       | base-url |
        | pi       | mitm     |

    @spawn
    Scenario Outline: <DRIVER> with <DIALECT>, intercepted
      Given the client "<DRIVER>" is installed
      And a model server that keeps count of what it deals
      And an experiment of "lru-cache" with two "<DRIVER>" providers on that server
      And its file has:
        | providers.*.via     | mitm      |
        | providers.*.dialect | <DIALECT> |
      When I run "experiment run --seed 42"
      Then the rows of "window_finalized" are:
        | outcome | quality |
        | pass    | 1       |
        | pass    | 1       |
      And the ledger counts the very tokens that the server dealt

      Examples:
        | DRIVER   | DIALECT     |
        | opencode | openai-chat |
