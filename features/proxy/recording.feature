Feature: Recording and replay
  What passed can be kept on request, without credentials, and played again at no cost.

  Rule: A replay answers with the same bytes, and asks nobody

    Example: The same request again
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And the main agent of plain has been recorded in "tape" asking for "claude-sonnet-4-5"
      When the main agent of plain asks a replay of "tape" for "claude-sonnet-4-5"
      Then it gets the recorded answer, byte for byte
      And "vendor" has received 1 request in all

    Example: More is asked than was recorded
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And the main agent of plain has been recorded in "tape" asking for "claude-sonnet-4-5"
      When a sub-agent of plain asks a replay of "tape" for "claude-sonnet-4-5"
      Then it is told "The recording is over. This run is over."
      And "vendor" has received 1 request in all

    Example: A folder that holds no recording
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      When I run "experiment proxy --replay tape"
      Then it ends with exit code 2
      And it says "expected a folder of recorded exchanges, found none" on stderr

  Rule: No credential is kept

    Example: Keys of the agent, the provider and the proxy
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And the main agent of plain has been recorded in "tape" asking for "claude-sonnet-4-5"
      When I look into "tape"
      Then it holds the request's body, and neither "sk-of-the-agent" nor "sk-of-vendor" nor the attempt's key

  Rule: A whole session is rehearsed again at no cost

    Example: The same windows and tokens, without a key
      Given a small experiment on a scripted model that keeps count
      And it has been recorded in "tape"
      And the variable SPEC_PROVIDER_KEY is ""
      When I run "experiment run --replay tape --data-dir again --replay-timing original"
      Then the scripted model has been asked nothing more
      And the rows in "again" have the statuses, models and tokens of the recorded ones
      And its windows end as the recorded ones did, by the method "agent-cli-on-a-replay"

    @spawn
    Example: An agent whose requests name folders, dates and sessions of their own
      Given Claude Code is installed
      And a model server that keeps count of what it deals
      And an experiment of "lru-cache" with two "claude-code" providers on that server
      And it has been recorded in "tape"
      When I run "experiment run --replay tape --data-dir again"
      Then the rows in "again" have the statuses, models and tokens of the recorded ones
      And its windows end as the recorded ones did, by the method "agent-cli-on-a-replay"

    Example: A recording that ends before the session does
      Given a small experiment
      And it has been run with "--record .experiment/tape"
      And the last exchange of ".experiment/tape" is lost
      When I run "experiment run --replay .experiment/tape --data-dir again"
      Then it ends with exit code 1
      And it says "The recording has no answer to POST /v1/messages by the main agent of " on stderr
      And every agent's last answer in "again" is a hard stop, once

    Scenario Outline: <FAULT>
      Given a small experiment
      When I run "experiment run <OPTIONS>"
      Then it ends with exit code 2
      And it says "<SAYS>" on stderr
      And nothing is written

      Examples:
        | FAULT                        | OPTIONS                            | SAYS                                             |
        | Both at once                 | --record tape --replay tape        | --record and --replay: expected one of them      |
        | A folder without a recording | --replay tape                      | expected a folder of recorded exchanges          |
        | Another timing               | --replay tape --replay-timing fast | --replay-timing fast: expected original or zero  |
        | A timing of nothing          | --replay-timing zero               | --replay-timing: expected --replay with it       |

  Rule: What an agent quotes of its keys is not kept either

    Example: An agent that prints its environment
      Given a small experiment whose upstream asks the agent for its environment
      And it has been recorded in "tape"
      When I look into "tape"
      Then it holds what the agent printed, and neither its key nor the provider's
