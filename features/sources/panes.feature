Feature: Reading panes
  A provider's meters are read from the pane of its CLI. The words count, at any width of the terminal.
  Unreadable text is reported and kept, never guessed.

  Rule: The words say whether a percentage is used or left

    Example: Codex shows what is left
      When codex shows before "W0-07" at "10:00":
        """
        5h limit:     [██████░░░░] 28% left (resets 13:14)
        Weekly limit: [███████░░░] 55% left (resets 21:24 on 25 Oct)
        """
      Then it ends with exit code 0
      And the last reading has the meters:
        | METER  | USED | RESETS           |
        | 5h     | 72   | 2025-10-19T13:14 |
        | weekly | 45   | 2025-10-25T21:24 |

    Example: A percentage without its word
      When codex shows before "W0-07" at "10:00":
        """
        5h limit: [██████░░░░] 28%  (resets 13:14)
        """
      Then it ends with exit code 1
      And the last row of "snapshot_taken" has:
        | errors | 5h: expected "used" or "left" after 28 %, got no word. |

  Rule: The width of the terminal does not matter

    Example: A narrow pane of Codex
      When codex shows before "W0-07" at "10:00":
        """
        │ 5h limit:     [░░░] 1% us │
        │               (resets 13:01) │
        │ Weekly limit: [███] 82% used │
        │ (resets 21:29 on 21 Oct) │
        """
      Then it ends with exit code 0
      And the last reading has the meters:
        | METER  | USED | RESETS           |
        | 5h     | 1    | 2025-10-19T13:01 |
        | weekly | 82   | 2025-10-21T21:29 |

    Example: The screen of claude-monitor, with meters of its own
      When claude shows before "W0-07" at "10:00":
        """
        💰 Cost Usage:      🟢 [██░░░] 12.3%  $2.21 / $18.00
        📊 Token Usage:     🟢 [██░░░] 12.3%  12,345 / 44,000
        📨 Messages Usage:  🟢 [█░░░░]  4.0%  10 / 250
        ⏱️  Time to Reset:   ⏰ [██░░░] 2h 13m
        """
      Then it ends with exit code 0
      And the last reading has the meters:
        | METER            | USED  | RESETS           |
        | monitor-tokens   | 12345 | 2025-10-19T12:13 |
        | monitor-cost     | 2.21  | 2025-10-19T12:13 |
        | monitor-messages | 10    | 2025-10-19T12:13 |

    Example: The screen of claude-monitor and a pane of Claude Code, as one reading
      When claude shows before "W0-07" at "10:00":
        """
        📊 Token Usage:     🟢 [██░░░] 12.3%  12,345 / 44,000
        ⏱️  Time to Reset:   ⏰ [██░░░] 2h 13m
        Current session
        1% used
        Resets 1pm (UTC)
        """
      Then it ends with exit code 0
      And the last reading has the meters:
        | METER          | USED  | RESETS           |
        | 5h             | 1     | 2025-10-19T13:00 |
        | monitor-tokens | 12345 | 2025-10-19T12:13 |

    Example: A narrow pane of Claude Code, in the time zone that it names
      When claude shows before "W0-07" at "10:00":
        """
        Current session · Resets 9pm
        (Asia/Irkutsk)
        ▌
        1% used
        Current week (all models) · Resets Oct
         20, 2am (Asia/Irkutsk)
        90% used
        """
      Then it ends with exit code 0
      And the last reading has the meters:
        | METER  | USED | RESETS           |
        | 5h     | 1    | 2025-10-19T13:00 |
        | weekly | 90   | 2025-10-19T18:00 |

    Example: A pane too narrow for its figures
      When codex shows before "W0-07" at "10:00":
        """
        │ 5h limit: │
        """
      Then it ends with exit code 1
      And it prints "error: 5h: expected a percentage, got none."
      And the last row of "snapshot_taken" has:
        | errors | 5h: expected a percentage, got none. |

    Example: A reset further away than its limit's window is of no year
      When codex is read before "W0-07" at "10:00":
        | METER  | SHOWN    | RESETS          |
        | weekly | 19% used | 21:11 on 25 Dec |
      Then it ends with exit code 0
      And it prints "weekly 19 percent used, resets unknown"
      And it prints "error: weekly: reset-implausible: expected a reset within 10080 minutes of the capture"

    Scenario Outline: A typed reset <WHEN> is refused
      When I run "experiment override --window W0-07 --provider codex --phase before --meter weekly --used 19 --at 2025-10-19T10:00:00Z --resets-at <RESET>"
      Then it ends with exit code 2
      And it says "reset-implausible: expected a reset of weekly within 10080 minutes of the reading" on stderr
      And the ledger has 0 rows of "snapshots"

      Examples:
        | WHEN                | RESET                |
        | years ahead         | 2029-10-25T21:11:00Z |
        | a year ago          | 2024-10-25T21:11:00Z |
        | a week and 2 h away | 2025-10-26T12:00:00Z |

    Example: A typed reset at the far end of its limit's window
      When I run "experiment override --window W0-07 --provider codex --phase before --meter weekly --used 19 --at 2025-10-19T10:00:00Z --resets-at 2025-10-26T10:00:00Z"
      Then it ends with exit code 0

  Rule: An unreadable capture does not count as a reading

    Example: The reading is taken again
      Given claude shows before "W0-07" at "10:00":
        """
        Error: Failed to load usage data
        """
      And it ends with exit code 1
      When claude shows before "W0-07" at "10:01":
        """
        Current session  5% used  Resets 1pm (UTC)
        """
      Then it ends with exit code 0
      And the readings of "W0-07" say:
        | METER | BEFORE | AFTER | DELTA | FLAG          |
        | 5h    | 5      |       | null  | meter-missing |

    Example: An empty capture
      When claude shows before "W0-07" at "10:00":
        """
        """
      Then it ends with exit code 2
      And it says "stdin: expected a captured pane, got nothing" on stderr
      And nothing is written

    Scenario Outline: The option <OPTION> is not a <WHAT>
      When I run "experiment snapshot before codex --window W0-07 <OPTION>"
      Then it ends with exit code 2
      And it says "<WHAT>" on stderr
      And nothing is written

      Examples:
        | OPTION                  | WHAT                           |
        | --window seven/8        | expected up to 64 letters      |
        | --at yesterday          | expected a time with its zone  |
        | --at 2025-02-30T10:00:00Z | expected a time with its zone |
        | --at 9999-12-31T23:59:59Z | expected a time with its zone |
        | --at 0000-01-01T00:00:00Z | expected a time with its zone |
        | --time-zone Middle/Earth | expected an IANA time zone    |
        | --attempt 0             | expected a whole number from 1 |
        | --provider a/b          | expected up to 64 letters      |
        | --file none.txt         | expected a file that can be read |

  Rule: Captures of other systems are text too

    Scenario Outline: A pane in <ENCODING>
      When a pane in <ENCODING> is read before "W0-07" at "10:00":
        """
        5h limit:     [██████░░░░] 28% left (resets 13:14)
        Weekly limit: [███████░░░] 55% left (resets 21:24 on 25 Oct)
        """
      Then it ends with exit code 0
      And the last reading has the meters:
        | METER  | USED | RESETS           |
        | 5h     | 72   | 2025-10-19T13:14 |
        | weekly | 45   | 2025-10-25T21:24 |

      Examples:
        | ENCODING                              |
        | UTF-8 with a byte order mark          |
        | UTF-8 with Windows line ends          |
        | UTF-16 with a byte order mark         |
        | big-endian UTF-16 with a byte order mark |
        | ANSI colours                          |

    Example: UTF-16 without its mark is refused
      When a pane in UTF-16 is read before "W0-07" at "10:00":
        """
        5h limit: [█] 28% left (resets 13:14)
        """
      Then it ends with exit code 2
      And it says "expected text in UTF-8, or in UTF-16 with a byte order mark, got zero bytes" on stderr
      And nothing is written

    Example: Text that was cut in the middle of a figure
      When codex shows before "W0-07" at "10:00":
        """
        5h limit:     [██████░░░░] 28% left (resets 13:14)
        Weekly limit: [███████░░░] 55% left (resets 21:
        """
      Then it ends with exit code 0
      And the last reading has the meters:
        | METER  | USED | RESETS           |
        | 5h     | 72   | 2025-10-19T13:14 |
        | weekly | 45   |                  |
      And the last row of "snapshot_taken" has:
        | errors | weekly: expected a reset, got none that can be read. |

  Rule: A time without a year is the nearest one

    Scenario Outline: A reset of <SHOWN>, read at <AT>
      When codex is read before "W0-07" at "<AT>":
        | METER  | SHOWN    | RESETS  |
        | weekly | 19% used | <SHOWN> |
      Then it ends with exit code 0
      And the last reading has the meters:
        | METER  | USED | RESETS  |
        | weekly | 19   | <MEANT> |

      Examples:
        | AT                   | SHOWN           | MEANT            |
        | 2025-12-30T10:00:00Z | 21:11 on 4 Jan  | 2026-01-04T21:11 |
        | 2025-12-31T23:58:00Z | 00:01 on 1 Jan  | 2026-01-01T00:01 |
        | 2026-01-01T00:02:00Z | 23:59 on 31 Dec | 2025-12-31T23:59 |
        | 2026-01-01T00:01:00Z | 10:00 on 5 Jan  | 2026-01-05T10:00 |
        | 2028-02-27T10:00:00Z | 10:00 on 29 Feb | 2028-02-29T10:00 |

    Example: A time of Claude Code around New Year
      When claude shows before "W0-07" at "2025-12-31T23:30:00Z":
        """
        Current session  5% used  Resets 1:30am (UTC)
        Current week (all models)  40% used  Resets Jan 3, 2am (UTC)
        """
      Then it ends with exit code 0
      And the last reading has the meters:
        | METER  | USED | RESETS           |
        | 5h     | 5    | 2026-01-01T01:30 |
        | weekly | 40   | 2026-01-03T02:00 |

  Rule: Large captures are stored next to the ledger, by their hash

    Example: A long capture
      When codex is read before "W0-07" from a capture of 20000 lines
      Then it ends with exit code 0
      And its row cites a file with that capture

  Rule: Agents do not disturb each other

    Example: Two agents in the same minute
      Given codex was read before "W0-07" at "10:00":
        | METER | SHOWN   | RESETS |
        | 5h    | 1% used | 13:01  |
      When codex is read before "W0-08" at "10:00" with "--agent second":
        | METER | SHOWN   | RESETS |
        | 5h    | 1% used | 13:01  |
      Then it ends with exit code 0
      And the ledger has 2 rows of "snapshot_taken"
      And "main" and "second" each remember one row

    Example: A name that is not valid for a folder
      When I run "experiment complete --window W0-07 --provider codex --feature search --outcome pass --agent ../other"
      Then it ends with exit code 2
      And nothing is written
