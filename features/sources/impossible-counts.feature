Feature: Counts that can't be right
  Cached tokens are part of the input. When a vendor states more of them than of input, nobody knows which figure is
  wrong. Such counts stay unknown, and the window gets the anomaly `bad-usage`, which shows both figures.

  Example: A log that is ingested twice
    Given a log of codex-exec:
      """
      thread t1 100 50 cached 900
      """
    And it is ingested as "codex-exec" with "--window W0-07"
    When it is ingested as "codex-exec" with "--window W0-07"
    Then it ends with exit code 1
    And it prints "bad-usage: 1 line not read, first in"
    And the anomalies on record are:
      | KIND      | WINDOW | TOUCHES |
      | bad-usage | W0-07  | W0-07   |
    And one row of "anomalies" has:
      | action | …codex-exec: rollout-log.jsonl, line 2: Expected input that contains the cached tokens, got 100 of input and 900 cached. |

  Example: An export that a receiver gets
    Given a receiver of OpenTelemetry with "--window W0-07"
    When an agent sends "codex 100 50 cached 900; codex 30 10 cached 20"
    And the receiver is ended by Ctrl-C
    Then it ends with exit code 1
    And OpenTelemetry says that codex used 10 of input and 10 of output in "W0-07"
    And one row of "anomalies" has:
      | action | …otlp: otlp, line 1: Expected input that contains the cached tokens, got 100 of input and 900 cached. |

  Example: An answer to an agent on an open proxy
    Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
    And its proxy is open
    And its upstreams answer with more cached tokens than input
    When the agent of "plain" asks for "/v1/responses", and the proxy is closed
    Then the anomalies on record are:
      | KIND      | WINDOW | TOUCHES |
      | bad-usage | W0-01  | W0-01   |
    And one row of "anomalies" has:
      | action | …proxy: Expected input that contains the cached tokens, got 100 of input and 900 cached. |

  @spawn
  Scenario Outline: In a run, an agent that <DOES>
    Given a "<CLIENT>" on the PATH that <DOES>
    And an experiment of "lru-cache" where "<DRIVER>" goes first and "builtin-agent" second
    And its file says "telemetry: otlp"
    When I run "experiment run"
    Then it ends with exit code 0
    And the first window has the anomalies "bad-usage"
    And one row of "anomalies" has:
      | action | …<SAYS>: Expected input that contains the cached tokens, got 100 of input and 900 cached. |

    Examples:
      | CLIENT | DRIVER      | DOES                                                  | SAYS  |
      | claude | claude-code | sends its tokens, and more cached tokens than input   | otlp  |
      | codex  | codex       | calls two agents and reports more cached than input   | codex |
