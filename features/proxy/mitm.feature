Feature: Interception
  An agent without a setting for its address uses the proxy as its HTTPS_PROXY. Requests to vendors' models
  are read; all others pass unread. Nothing is installed in the system.

  Rule: Intercepted windows are counted and graded like all others

    @spawn @slow
    Example: Claude Code, which seems to talk to its vendor
      Given Claude Code is installed
      And a model server that keeps count of what it deals
      And an experiment of "lru-cache" with two "claude-code" providers on that server
      And its file has:
        | providers.*.via | mitm |
      When I run "experiment run --seed 42"
      Then the rows of "window_finalized" are:
        | outcome | quality |
        | pass    | 1       |
        | pass    | 1       |
      And the ledger counts the very tokens that the server dealt

  Rule: The authority belongs to its data folder, and its key to its owner

    Example: A proxy that intercepts
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      When "experiment proxy --mitm" is opened and closed
      Then only the owner can read the authority's key, and the output names its certificate and an address for "plain"

    Example: A proxy that does not
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      When "experiment proxy" is opened and closed
      Then ".experiment/mitm" does not exist

  Rule: Only vendors' hosts are intercepted, and only with a known key

    Scenario Outline: <WHO>
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      When a client asks the intercepting proxy for "<TARGET>" with <KEY>
      Then they are refused with the status <STATUS>
      And "vendor" has received 0 requests

      Examples:
        | WHO                         | TARGET                | KEY             | STATUS |
        | Somebody without a key      | api.anthropic.com:443 | no key          | 407    |
        | Somebody with another key   | api.anthropic.com:443 | a guessed key   | 403    |
        | An agent, to another port   | 127.0.0.1:22          | the agent's key | 403    |

  Rule: An agent that knows its address is not intercepted

    Example: The built-in agent
      Given a small experiment
      And its file has:
        | providers.*.via | mitm |
      When I run "experiment plan"
      Then it ends with exit code 2
      And it says "to be base-url for the built-in agent" on stderr
