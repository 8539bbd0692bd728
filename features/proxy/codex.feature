@slow
Feature: Codex
  The real CLI works on a task headless through the proxy, by its address or intercepted. Without the CLI
  these examples are skipped, except in continuous integration.

  Background:
    Given Codex is installed

  Rule: Its work is graded, and its tokens equal the model's

    @spawn
    Scenario Outline: <WAY>
      Given a model server that keeps count of what it deals
      And an experiment of "lru-cache" with two "codex" providers on that server
      And its file has:
        | providers.*.via | <VIA> |
      When I run "experiment run --seed 42"
      Then the rows of "window_finalized" are:
        | outcome | quality |
        | pass    | 1       |
        | pass    | 1       |
      And the ledger counts the very tokens that the server dealt

      Examples:
        | WAY                           | VIA      |
        | By an address of its own      | base-url |
        | Intercepted, as at its vendor | mitm     |

    @spawn
    Example: Its own count agrees with the proxy's
      Given a model server that keeps count of what it deals
      And an experiment of "lru-cache" with two "codex" providers on that server
      When I run "experiment run --seed 7"
      Then every window's own report counts the same tokens
      And no anomaly is recorded

  Rule: Started by the user, it reaches the proxy at once

    Background:
      Given a model server that keeps count of what it deals
      And an experiment of "lru-cache" with two "codex" providers on that server

    @spawn
    Example: By the setting of its built-in provider, which asks for a WebSocket first
      When a user gives Codex the address of "one" as openai_base_url
      Then its 4 answers are in the ledger with the tokens that the server dealt, and no file or output has its keys

  Rule: A spent budget stops it at the first refusal

    @spawn
    Scenario Outline: <WAY>
      Given a model server that keeps count of what it deals, whose answers take 30000 tokens each
      And an experiment of "lru-cache" with two "codex" providers on that server
      And its file has:
        | providers.*.via | <VIA> |
      When I run "experiment run --seed 42 --command-budget /implement=60000"
      Then the rows of "window_finalized" are:
        | outcome | requests.refused |
        | capped  | 1                |
        | capped  | 1                |
      And 2 captures hold "Spending cap of implement reached. This run is over."
      And the ledger counts the very tokens that the server dealt

      Examples:
        | WAY                      | VIA      |
        | By an address of its own | base-url |
        | Intercepted              | mitm     |
