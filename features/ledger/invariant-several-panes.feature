Feature: The last pane of a capture
  Invariant 3. The history of a terminal can contain several panes. Only the last one shows the meter at the
  time of the capture.

  Rule: Only the last of several panes counts, and the row says so

    Example: Two panes of Codex
      When codex shows before "W0-07" at "10:00":
        """
        >_ OpenAI Codex (v0.44.0)
        5h limit:     [░░░░] 1% used (resets 13:01)
        Weekly limit: [██░░] 19% used (resets 21:11 on 25 Oct)
        > some work
        >_ OpenAI Codex (v0.44.0)
        5h limit:     [░░░░] 4% used (resets 13:01)
        """
      Then it ends with exit code 0
      And the last row of "snapshot_taken" has:
        | notes | …multi-pane-trimmed… |
      And the last reading has the meters:
        | METER | USED | RESETS           |
        | 5h    | 4    | 2025-10-19T13:01 |
      And the anomalies on record are:
        | KIND               | WINDOW | TOUCHES |
        | multi-pane-trimmed | W0-07  | before  |

    Example: The last of several panes of Claude Code could not be loaded
      When claude shows before "W0-07" at "10:00":
        """
        Current session  5% used  Resets 1pm (UTC)
        > /usage
        Error: Failed to load usage data
        """
      Then it ends with exit code 1
      And it prints "nothing could be read; the capture is kept with its errors. Take it again."
      And the last row of "snapshot_taken" has:
        | notes | …multi-pane-trimmed… |

    Example: A single pane
      When codex is read before "W0-07" at "10:00":
        | METER | SHOWN   | RESETS |
        | 5h    | 4% used | 13:01  |
      Then it ends with exit code 0
      And no anomaly is recorded
