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
