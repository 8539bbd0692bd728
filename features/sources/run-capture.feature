Feature: Capturing limits unattended
  With --run the program starts the CLI in a hidden terminal, asks it for its limits and ends it.

  Rule: A source without a screen is preferred

    @spawn
    Example: Limits in a fresh session log of Codex, named by their length
      Given a codex that shows its limits is installed
      And Codex wrote its limits into a session log 4 minutes ago
      When codex is captured unattended before "W0-07"
      Then it ends with exit code 0
      And the last reading has the meters:
        | METER  | USED |
        | weekly | 13   |
      And it prints "4 min before the capture"
      And the program was not started

    @spawn @slow
    Example: An old session log is left alone
      Given a codex that shows its limits is installed
      And Codex wrote its limits into a session log 16 minutes ago
      When codex is captured unattended before "W0-07"
      Then it ends with exit code 0
      And the last reading has the meters:
        | METER  | USED |
        | 5h     | 72   |
        | weekly | 45   |

    @spawn @slow
    Example: Claude Code prints its limits
      Given a claude that prints its limits is installed
      When claude is captured unattended before "W0-07"
      Then it ends with exit code 0
      And the last reading has the meters:
        | METER  | USED |
        | 5h     | 22   |
        | weekly | 45   |
      And no process of it is left

  Rule: The screen is read when it shows all limits

    @spawn @slow
    Scenario Outline: A <PROGRAM>
      Given a <PROGRAM> is installed
      When <NAME> is captured unattended before "W0-07"
      Then it ends with exit code 0
      And the last reading has the meters:
        | METER  | USED     |
        | 5h     | <FIVE>   |
        | weekly | <WEEKLY> |
      And it prints "<SAYS>"
      And no process of it is left

      Examples:
        | PROGRAM                             | NAME   | FIVE | WEEKLY | SAYS               |
        | codex that shows its limits         | codex  | 72   | 45     | W0-07              |
        | codex that draws its pane in pieces | codex  | 72   | 45     | 2 meters read      |
        | codex that needs a key              | codex  | 72   | 45     | W0-07              |
        | codex with stale limits             | codex  | 72   | 45     | note: stale-limits |
        | codex that does not end             | codex  | 72   | 45     | W0-07              |
        | claude that shows its limits        | claude | 22   | 45     | W0-07              |

  Rule: Without limits the error says what the screen showed

    @spawn @slow
    Scenario Outline: A <PROGRAM>
      Given a <PROGRAM> is installed
      When codex is captured unattended before "W0-07" with "--wait <SECONDS>"
      Then it ends with exit code 2
      And it says "<SAYS>" on stderr
      And it says "<SCREEN>" on stderr
      And nothing is written
      And no process of it is left

      Examples:
        | PROGRAM                   | SECONDS | SAYS                                                    | SCREEN                                       |
        | codex that asks for trust | 240     | expected Codex to show its prompt; it asks a question   | Do you trust the contents of this directory? |
        | codex that never answers  | 20      | expected Codex to show limits; it did not show it in 20 | an empty screen                              |
        | codex that ends at once   | 240     | expected Codex to show its prompt; it ended             | error: not logged in                         |

    @spawn
    Example: The program is not installed
      Given no program at all on the PATH
      When codex is captured unattended before "W0-07"
      Then it ends with exit code 2
      And it says "--run: expected codex in a folder of PATH, got none. Install it" on stderr
      And nothing is written

    Example: A time for a screen that is read now
      When I run "experiment snapshot before codex --window W0-07 --run --at 2025-10-19T10:00:00Z"
      Then it ends with exit code 2
      And it says "option '--run' cannot be used with option '--at <time>'" on stderr
      And nothing is written

  Rule: The real programs start, show the pane of their command, and end

    @spawn @slow
    Scenario Outline: <TITLE> without an account has no limits
      Given <TITLE> is installed
      And its home knows this folder and no account
      When <NAME> is captured unattended before "W0-07" with "--wait 120"
      Then it ends with exit code 2
      And it says "expected <TITLE> to show limits; it did not show it in" on stderr
      And it says "<SCREEN>" on stderr
      And no process with this home is left

      Examples:
        | TITLE       | NAME   | SCREEN                  |
        | Claude Code | claude | Estimated cost:         |
        | Codex       | codex  | data not available yet  |
