Feature: Two counts of the same tokens
  Invariant 6. Where two sources count a window's tokens and disagree by more than a tenth, both are
  shown and the window is marked. The log of the requests counts.

  Rule: Counts that differ by more than a tenth are an anomaly

    @spawn
    Example: The agent reports twice of what the proxy counted
      Given a "claude" on the PATH that reports twice the tokens that it took
      And an experiment of "lru-cache" where "claude-code" goes first and "builtin-agent" second
      When I run "experiment run"
      Then it ends with exit code 0
      And it prints "Anomalies: 1 (see anomalies.jsonl)"
      And the anomalies on record are:
        | KIND                  | WINDOW | TOUCHES |
        | divergent:claude-code | W0-01  | W0-01   |
      And the final row shows both counts, and counts the proxy's

    @spawn
    Example: The agent reports what the proxy counted
      Given a "claude" on the PATH that reports the tokens that it took
      And an experiment of "lru-cache" where "claude-code" goes first and "builtin-agent" second
      When I run "experiment run"
      Then it ends with exit code 0
      And no anomaly is recorded
