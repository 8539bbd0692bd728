Feature: The user's own log-in
  With "auth: inherit" an agent uses the log-in that its client has on this machine. It sees nothing of the
  user's home but the credential file, and that only if the log-in has to be renewed. Only
  tokens that the vendor issues for the lent token get into the user's file.

  Background:
    Given a model server that keeps count of what it deals
    And a log-in of Claude Code that ends soon, and a vendor that renews log-ins

  Rule: What the vendor renews is kept

    @slow
    Example: The client renews the lent log-in
      Given a "claude" on the PATH that renews its log-in, prints it and keeps it in its work
      And an experiment of "lru-cache" with a "claude-code" provider that inherits its log-in on that server
      When I run "experiment run --seed 42"
      Then it ends with exit code 0
      And the file ".claude/.credentials.json" has:
        | claudeAiOauth.accessToken | renewed-access-token |
      And no anomaly is recorded

    @slow
    Example: Neither log-in is in a file of the run
      Given a "claude" on the PATH that renews its log-in, prints it and keeps it in its work
      And an experiment of "lru-cache" with a "claude-code" provider that inherits its log-in on that server
      When I run "experiment run --seed 42"
      Then it ends with exit code 0
      And no file of the run holds "first-access-token" or "renewed-access-token"
      And 1 capture holds "********************"

  Rule: Nothing else gets into the user's file

    @slow
    Scenario Outline: The agent <DOES>
      Given a "claude" on the PATH that <DOES>
      And an experiment of "lru-cache" with a "claude-code" provider that inherits its log-in on that server
      When I run "experiment run --seed 42"
      Then it ends with exit code 0
      And the log-in of Claude Code is as it was
      And every row of "anomalies" has:
        | kind | <ANOMALY> |
      And the rows of "window_finalized" are:
        | outcome | quality |
        | pass    | 1       |
        | pass    | 1       |

      Examples:
        | DOES                                          | ANOMALY       |
        | puts its own log-in into its copy             | login-swapped |
        | renews a log-in of its own at the vendor      | login-foreign |

    @slow
    Example: The agent leads its copy to the user's own folder
      Given a "claude" on the PATH that puts a link to the user's folder in place of its own
      And an experiment of "lru-cache" with a "claude-code" provider that inherits its log-in on that server
      When I run "experiment run --seed 42"
      Then it ends with exit code 0
      And the log-in of Claude Code is as it was
