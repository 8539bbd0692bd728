Feature: The window that an agent works
  Commands without --window mean the agent's current window. Each agent has its own.

  Rule: Without --window the agent's current window is meant

    Example: A reading in the current window
      Given "experiment window start W0-07" has ended with exit code 0
      When I run "experiment override --provider codex --phase before --meter 5h --used 9 --minutes 300"
      Then it ends with exit code 0
      And it prints "W0-07 (codex)"

    Example: No window is current
      When I run "experiment override --provider codex --phase before --meter 5h --used 9 --minutes 300"
      Then it ends with exit code 2
      And it says "experiment window start W0-07" on stderr

    Example: Another agent's window is not meant
      Given "experiment window start W0-07" has ended with exit code 0
      When I run "experiment audit --window W0-07 --agent sub1"
      Then it ends with exit code 2

  Rule: An agent works one window at a time

    Example: A second start
      Given "experiment window start W0-07" has ended with exit code 0
      When I run "experiment window start W0-08"
      Then it ends with exit code 3
      And it says "experiment window end W0-07" on stderr

    Example: Two agents, each with its own window
      Given "experiment window start W0-07" has ended with exit code 0
      When I run "experiment window start W0-08 --agent sub1"
      Then it ends with exit code 0
      And it prints "sub1: W0-08 is the current window."

    Example: The end of a window
      Given "experiment window start W0-07" has ended with exit code 0
      When I run "experiment window end"
      Then it prints "main: W0-07 has ended."

    Example: The wrong name at the end
      Given "experiment window start W0-07" has ended with exit code 0
      When I run "experiment window end W0-08"
      Then it ends with exit code 3
      And it says "got W0-08" on stderr

  Rule: A crossing capture of the current window makes the next one current

    Background:
      Given "experiment window start W0-07" has ended with exit code 0
      And codex was read before "W0-07" at "10:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |

    Example: The next window
      When codex is read cross "W0-08" at "11:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 17% used | 13:01  |
      Then it ends with exit code 0
      And it prints "main: W0-08 is the current window."

    Example: What follows belongs to the next window
      Given codex was read cross "W0-08" at "11:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 17% used | 13:01  |
      When I run "experiment window end"
      Then it prints "main: W0-08 has ended."

    Example: The next window is not named
      Given a file "pane.txt" that says:
        """
        5h limit: [█] 17% used (resets 13:01)
        """
      When I run "experiment snapshot cross codex --file pane.txt --at 2025-10-19T11:00:00Z --time-zone UTC"
      Then it ends with exit code 3
      And it says "W0-07 (codex): expected a window that has not begun, because cross begins it" on stderr
      And it says "Name the next window: --window NEXT" on stderr
      And the ledger is unchanged

    Example: A capture that can't be read
      When codex is read cross "W0-08" at "11:00":
        | METER | SHOWN | RESETS |
      Then it ends with exit code 1
      And it does not print "W0-08 is the current window"

    Example: A window that is not current ends
      Given "experiment window end W0-07" has ended with exit code 0
      And "experiment window start W0-09" has ended with exit code 0
      When codex is read cross "W0-08" at "11:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 17% used | 13:01  |
      Then it ends with exit code 0
      And it does not print "is the current window"
