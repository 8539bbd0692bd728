Feature: Routes
  Some requests of a provider go to another model: requests of sub-agents, requests for certain models, or a
  share. The configuration defines which ones.

  Rule: A rule checks the sub-agent first, then the model, then a share

    Background:
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else

    Example: A sub-agent's request
      Given the request of a sub-agent for "claude-haiku-5-5"
      When I run "experiment proxy explain request.json"
      Then it ends with exit code 0
      And it prints "routed: to glm as glm-4.6"
      And it prints "takes subagents[0]: wants a sub-agent, is sub-agent a1"

    Example: A main agent's request for a small model
      Given the request of the main agent for "claude-haiku-5-5"
      When I run "experiment proxy explain request.json"
      Then it ends with exit code 0
      And it prints "routed: to small as claude-haiku-5-5"
      And it prints "skips subagents[0]: wants a sub-agent, is the main agent"

    Example: Any other request stays at its provider
      Given the request of the main agent for "claude-sonnet-4-5"
      When I run "experiment proxy explain request.json"
      Then it ends with exit code 0
      And it prints "routed: to vendor as claude-sonnet-4-5"
      And it prints "no rule holds"

    Example: A configuration of another name
      Given the request of a sub-agent for "claude-haiku-5-5"
      And the configuration is in "other.yaml"
      When I run "experiment proxy explain request.json --config other.yaml"
      Then it ends with exit code 0
      And it prints "routed: to glm as glm-4.6"

    Example: A model name that is not a text is shown unchanged
      Given a file "request.json" of "{\"model\":\"\u001b[31mred\"}"
      When I run "experiment proxy explain request.json"
      Then it ends with exit code 0
      And it prints "A request of the main agent for \u001b[31mred"

    Example: A file that is not a request
      Given a file "request.json" of "nothing of the kind"
      When I run "experiment proxy explain request.json"
      Then it ends with exit code 2
      And it says "expected a request's JSON body" on stderr

  Rule: Only routed requests change, and only in model name and credential

    Background:
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And its proxy is open

    Example: A sub-agent's request goes to its route's upstream
      When the sub-agent of routed asks for "claude-sonnet-4-5"
      Then "glm" has received it for "glm-4.6" with the key "sk-of-glm", otherwise byte for byte
      And "vendor" has received 0 requests
      And its row says that "subagents[0]" sent it to "glm"

    Example: The main agent's request does not change
      When the main agent of routed asks for "claude-sonnet-4-5"
      Then "vendor" has received it for "claude-sonnet-4-5" with the key "sk-of-vendor", otherwise byte for byte
      And "glm" has received 0 requests

    Example: A provider without routes
      When the sub-agent of plain asks for "claude-sonnet-4-5"
      Then "vendor" has received it for "claude-sonnet-4-5" with the key "sk-of-vendor", otherwise byte for byte
      And "glm" has received 0 requests

  Rule: A route needs an existing upstream with its own key

    Scenario Outline: <FAULT>
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And its file has "<TEXT>" for "<OTHER>"
      When I run "experiment plan"
      Then it ends with exit code 2
      And it says "<SAYS>" on stderr
      And nothing is written

      Examples:
        | FAULT                         | OTHER       | TEXT       | SAYS                                    |
        | a route that nobody wrote     | [ subagents | [ subagens | to be the name of a route               |
        | an upstream that nobody wrote | to: glm     | to: gml    | to be the name of an upstream           |
        | another vendor without a key  | env GLM_KEY | inherit    | to be an upstream with a key of its own |
        | a share of more than all      | share: 0    | share: 1.5 | to be a share from 0 to 1, got 1.5      |

  Rule: A share of requests is drawn by the seed

    Example: Half of all
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And its file has "share: 0.5" for "share: 0"
      And the request of the main agent for "claude-sonnet-4-5"
      When I run "experiment proxy explain request.json --seed 42"
      Then it ends with exit code 0
      And it prints "rest[0]: wants a share of 0.5, request 1 drew 0."

    Example: The same seed, asked twice
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And its file has "share: 0.5" for "share: 0"
      And the request of the main agent for "claude-sonnet-4-5"
      And what "experiment proxy explain request.json --seed 42" prints
      When I run "experiment proxy explain request.json --seed 42"
      Then it ends with exit code 0
      And it prints the same as before

  Rule: The example with sub-agents on GLM works unchanged

    Example: A sub-agent's request
      Given the product's example "glm-subagents.yaml" as "experiment.yaml"
      And the request of a sub-agent for "claude-sonnet-4-5"
      When I run "experiment proxy explain request.json"
      Then it ends with exit code 0
      And it prints "claude-glm: to glm as glm-4.6"
      And it prints "claude: to anthropic as claude-sonnet-4-5"

    Example: The main agent's request
      Given the product's example "glm-subagents.yaml" as "experiment.yaml"
      And the request of the main agent for "claude-sonnet-4-5"
      When I run "experiment proxy explain request.json"
      Then it ends with exit code 0
      And it prints "claude-glm: to anthropic as claude-sonnet-4-5"

    @spawn @slow
    Example: A run with the real CLI
      Given Claude Code is installed
      And the product's example "glm-subagents.yaml" as "experiment.yaml"
      And two scripted servers in place of its upstreams, the main one calling a sub-agent
      When I run "experiment run --seed 42"
      Then only the sub-agents of "claude-glm" asked GLM, for "glm-4.6" and with its key, and each server's tokens are in the ledger
