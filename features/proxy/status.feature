Feature: The proxy by itself
  Agents that somebody starts by hand are metered, routed and budgeted as those of a run are, and
  whoever owns the proxy can ask how it stands.

  Rule: Every provider has a door, and what passes is recorded

    Example: Two requests
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And its proxy is open
      When the main agent of routed asks for "claude-sonnet-4-5"
      Then "experiment proxy status" tells 1 request in W0-02 of "routed" and 1 to "vendor"
      And its row has 10 prompt tokens and 41 completion tokens in W0-02

    Example: A provider whose key is not there
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And the variable GLM_KEY is ""
      When I run "experiment proxy"
      Then it ends with exit code 2
      And it says "the environment variable GLM_KEY is not set" on stderr
      And nothing is written

  Rule: Only its owner is told how it stands

    Example: Nobody runs a proxy
      When I run "experiment proxy status"
      Then it ends with exit code 1
      And it says "no proxy is running here" on stderr

    Example: Somebody without the key
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And its proxy is open
      When somebody asks for the status with the key "guessed"
      Then they are answered 404 and told nothing
