Feature: Two counts of the same tokens
  Invariant 6. If two sources count a window's tokens and differ by more than a tenth, or by more than the
  configured share, both counts are shown and the window is marked. The log of the requests counts.

  Rule: Counts that differ by more than a tenth are an anomaly

    @spawn
    Example: The agent reports twice the proxy's count
      Given a "claude" on the PATH that reports twice the tokens that it took
      And an experiment of "lru-cache" where "claude-code" goes first and "builtin-agent" second
      When I run "experiment run"
      Then it ends with exit code 0
      And the anomalies on record are:
        | KIND                  | WINDOW | TOUCHES |
        | divergent:claude-code | W0-01  | W0-01   |
      And the final row shows both counts, and counts the proxy's
      And the preview prints "  - W0-01: the proxy counted 130 tokens, claude-code reported 260 (ratio 2.000); input 100 and 200 †1"

    @spawn @slow
    Example: Every source of a window that was run is shown side by side
      Given a "claude" on the PATH that reports twice the tokens that it took
      And an experiment of "lru-cache" where "claude-code" goes first and "builtin-agent" second
      And it has been run to its end
      When I run "experiment reconcile"
      Then it ends with exit code 1
      And it prints "it counts by proxy."
      And it prints "claude-code  +50.0 % DIVERGENT  260"

    @spawn @slow
    Example: The report shows both counts, their sources and the ratio
      Given a "claude" on the PATH that reports twice the tokens that it took
      And an experiment of "lru-cache" where "claude-code" goes first and "builtin-agent" second
      And it has been run to its end
      When I run "experiment report"
      Then it ends with exit code 0
      And the report says ": the proxy counted 130 tokens, claude-code reported 260 (ratio 2.000); input 100 and 200 †1"

    @spawn @slow
    Example: The agent reports the proxy's count
      Given a "claude" on the PATH that reports the tokens that it took
      And an experiment of "lru-cache" where "claude-code" goes first and "builtin-agent" second
      When I run "experiment run"
      Then it ends with exit code 0
      And no anomaly is recorded

  Rule: Codex reports its main thread alone, so it is compared with the proxy's count of that thread

    @spawn @slow
    Example: Sub-agents are in the proxy's count alone
      Given a "codex" on the PATH that calls two agents and reports its main thread
      And an experiment of "lru-cache" where "codex" goes first and "builtin-agent" second
      And it has been run to its end
      When I run "experiment reconcile"
      Then it ends with exit code 0
      And it prints "codex leaves sub-agents out: only the main agent is compared."
      And no anomaly is recorded

    @spawn @slow
    Example: It reports another count of its main thread
      Given a "codex" on the PATH that calls two agents and reports its main thread twofold
      And an experiment of "lru-cache" where "codex" goes first and "builtin-agent" second
      When I run "experiment run"
      Then it ends with exit code 0
      And the preview prints "  - W0-01: the proxy counted 130 tokens of the main agent, codex reported 260 (ratio 2.000); input 100 and 200 †1"

  Rule: The share can be configured

    @spawn @slow
    Example: A share above the difference
      Given a "claude" on the PATH that reports twice the tokens that it took
      And an experiment of "lru-cache" where "claude-code" goes first and "builtin-agent" second
      And its file says "analysis: { divergence_share: 0.6 }"
      When I run "experiment run"
      Then it ends with exit code 0
      And no anomaly is recorded
      And the final row shows both counts, and counts the proxy's

    Example: It belongs to the question
      Given a small experiment
      And its file says "analysis: { divergence_share: 0.25 }"
      When I run "experiment run --overall-token-budget 0"
      Then it ends with exit code 4
      And one row of "experiment_registered" has:
        | registration.analysis.divergence_share | 0.25 |

    Example: The default does not change an experiment's id
      Given a small experiment
      And it has been run with "--overall-token-budget 0"
      And its file says "analysis: { divergence_share: 0.1 }"
      When I run "experiment run --resume --overall-token-budget 0"
      Then it ends with exit code 4
      And the ledger has 1 row of "experiment_registered"

    Scenario Outline: <SHARE> is not a share
      Given a small experiment
      And its file says "analysis: { divergence_share: <SHARE> }"
      When I run "experiment plan"
      Then it ends with exit code 2
      And it says "divergence_share" on stderr
      And it says "Write e.g. 0.1 for a tenth." on stderr
      And nothing is written

      Examples:
        | SHARE |
        | 10    |
        | -0.1  |
        | 10%   |
