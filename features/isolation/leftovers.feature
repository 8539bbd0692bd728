Feature: What an agent leaves
  A separate process reads what an agent left, within limits. Everything beyond them counts as absent,
  and the window and the report say so. The rest is graded, and the session continues.

  Background:
    Given a model server that keeps count of what it deals
    And a log-in of Claude Code that ends soon, and a vendor that renews log-ins

  Rule: The window is graded, and what is absent is said

    @slow
    Scenario Outline: The agent leaves <LEFTOVER>
      Given a "claude" on the PATH that solves the task and leaves <LEFTOVER>
      And an experiment of "lru-cache" with a "claude-code" provider that inherits its log-in on that server
      When I run "experiment run --seed 42"
      Then it ends with exit code 0
      And the rows of "window_finalized" are:
        | outcome | quality |
        | pass    | 1       |
        | pass    | 1       |
      And the window of "inherits" has an anomaly that says "<SAID>"
      And the report says "<SAID>"

      Examples:
        | LEFTOVER                               | SAID                                                                          |
        | a path that is too long                | Parts of the agent's work count as absent: 1 with too long a path             |
        | a file of 4 terabytes                  | Parts of the agent's work count as absent: 1 too large (huge)                 |
        | a file of 4 terabytes for its log-in   | The copy of the log-in was not read: 1 too large (.claude/.credentials.json)  |
        | pipes                                  | Parts of the agent's work count as absent: 2 neither file, folder nor link    |
        | 100001 files                           | beyond the limit of files (many/                                              |

    @slow
    Example: The agent leaves 60,000 levels of JSON for its log-in, which are read
      Given a "claude" on the PATH that solves the task and leaves 60000 levels for its log-in
      And an experiment of "lru-cache" with a "claude-code" provider that inherits its log-in on that server
      When I run "experiment run --seed 42"
      Then it ends with exit code 0
      And the rows of "window_finalized" are:
        | outcome | quality |
        | pass    | 1       |
        | pass    | 1       |
      And no anomaly is recorded

    @slow
    Example: The agent leaves a file that its user may not read
      Given a "claude" on the PATH that solves the task and leaves a closed file
      And an experiment of "lru-cache" with a "claude-code" provider that inherits its log-in on that server
      When I run "experiment run --seed 42" as a user whom permissions of files bind
      Then it ends with exit code 0
      And the rows of "window_finalized" are:
        | outcome | quality |
        | pass    | 1       |
        | pass    | 1       |
      And the window of "inherits" has an anomaly that says "Parts of the agent's work count as absent: 1 not readable (closed)"
