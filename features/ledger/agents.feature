Feature: Several agents on one ledger
  Agents in separate processes capture at once. Each has its own state folder, and all write to one ledger
  that stays whole.

  Rule: Agents do not disturb each other

    @spawn
    Example: Two agents capture in the same minute
      When the agents "agent-1" and "agent-2" read codex before "W0-07" and "W0-08" at once
      Then they end with exit codes "0, 0"
      And "agent-1" and "agent-2" have written a row each and remember it
      And the ledger is verified as whole

    @spawn
    Example: Two agents capture for the same window, provider and minute
      When the agents "main" and "sub1" read codex before "W0-07" and "W0-07" at once
      Then they end with exit codes "0, 0"
      And the ledger has 2 rows of "snapshot_taken"
      And the ledger is verified as whole

    @spawn
    Example: Two processes of one agent capture for the same window
      When the agents "sub1" and "sub1" read codex before "W0-07" and "W0-07" at once
      Then they end with exit codes "0, 3"
      And the ledger has 1 row of "snapshot_taken"

    Example: The preview shows the pair of each agent
      Given the agents "main" and "sub1" have read codex before "W0-07" and "W0-07"
      When I run "experiment preview --experiment manual"
      Then it prints "W0-07         codex"
      And it prints "W0-07 (sub1)  codex"

    @spawn
    Example: An undo takes the agent's own last row
      Given the agents "agent-1" and "agent-2" have read codex before "W0-07" and "W0-08"
      When I run "experiment undo --agent agent-1"
      Then it ends with exit code 0
      And it prints 'the "before" of W0-07 (codex, agent agent-1)'

    Example: The option overrides the variable
      Given the variable AGENT_ID is "agent-1"
      When codex is read before "W0-07" at "10:00" with "--agent agent-2":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      Then it ends with exit code 0
      And every row of the ledger has:
        | agent_id | agent-2 |

    Example: An empty variable names no agent
      Given the variable AGENT_ID is ""
      When codex is read before "W0-07" at "10:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      Then it ends with exit code 0
      And every row of the ledger has:
        | agent_id | main |

    Example: The variable has a name that no agent can have
      Given the variable AGENT_ID is "../other"
      When I run "experiment window start W0-07"
      Then it ends with exit code 2
      And it says "AGENT_ID: expected up to 64 letters, digits," on stderr
      And nothing is written
