Feature: Names, notes and sources of manual windows
  Operators number their windows in their own way, say what was unusual, and take back the row that they
  mean.

  Rule: A window has any short name of letters, digits, dashes, underscores and dots

    Scenario Outline: The window <WINDOW>
      When codex is read before "<WINDOW>" at "10:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      Then it ends with exit code 0
      And the readings of "<WINDOW>" say:
        | METER | BEFORE | AFTER | DELTA | FLAG          |
        | 5h    | 11     |       | null  | meter-missing |

      Examples:
        | WINDOW                                                           |
        | W0-CHN                                                           |
        | W0-MITM-1                                                        |
        | 7                                                                |
        | a_b.c                                                            |
        | x234567890123456789012345678901234567890123456789012345678901234 |

    Scenario Outline: A name that <FAULT>
      When codex is read before "<WINDOW>" at "10:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      Then it ends with exit code 2
      And it says "--window: expected up to 64 letters, digits" on stderr
      And nothing is written

      Examples:
        | FAULT                  | WINDOW                                                            |
        | begins with a dash     | -W0                                                               |
        | begins with a dot      | ..                                                                |
        | has a slash            | a/b                                                               |
        | has 65 characters      | x2345678901234567890123456789012345678901234567890123456789012345 |

  Rule: The proxy counts on from the name of its first window

    Background:
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else

    Example: A name that ends in a number
      When "experiment proxy --window W0-MITM-1" is opened and closed
      Then it prints "plain (W0-MITM-1): http"
      And it prints "routed (W0-MITM-2): http"

    Example: A name without a number, for one provider
      When "experiment proxy --window W0-CHN --provider plain" is opened and closed
      Then it prints "plain (W0-CHN): http"

    Example: A name without a number, for several providers
      When I run "experiment proxy --window W0-CHN"
      Then it ends with exit code 2
      And it says "--window W0-CHN: expected a name that ends in a number, because 2 providers get a window each" on stderr
      And nothing is written

  Rule: An undo finds the latest row of a window, a provider or a phase

    Background:
      Given codex was read before "W0-07" at "10:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      And codex was read after "W0-07" at "11:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 17% used | 13:01  |
      And codex was read before "W0-08" at "11:30":
        | METER | SHOWN    | RESETS |
        | 5h    | 17% used | 13:01  |

    Scenario Outline: By "<OPTIONS>"
      When I run "experiment undo <OPTIONS>"
      Then it ends with exit code 0
      And it prints 'Undone: <WHAT>'

      Examples:
        | OPTIONS                                         | WHAT                            |
        | --window W0-07                                  | the "after" of W0-07 (codex)    |
        | --provider codex                                | the "before" of W0-08 (codex)   |
        | --phase after                                   | the "after" of W0-07 (codex)    |
        | --provider codex --phase after --window W0-07   | the "after" of W0-07 (codex)    |

    Example: The completion of a window is its latest row
      Given the window "W0-07" was completed with "--feature lru-cache --outcome pass"
      When I run "experiment undo --window W0-07"
      Then it ends with exit code 0
      And it prints "Undone: the completion of W0-07 (codex)"

    Example: Another agent's window of the same name is not meant
      When I run "experiment undo --agent another --window W0-07"
      Then it ends with exit code 2
      And the ledger is unchanged

    Example: Nothing of the kind
      When I run "experiment undo --window W0-08 --phase after"
      Then it ends with exit code 2
      And it says "expected a row of W0-08, after that can be undone, got none" on stderr
      And the ledger is unchanged

    Example: A row by its id needs nothing else
      When I run "experiment undo --id 12345678 --window W0-07"
      Then it ends with exit code 2
      And it says "cannot be used with" on stderr
      And the ledger is unchanged

  Rule: Notes of the operator stay with the row

    Example: A note of a reading, a typed meter and a completion
      When codex is read before "W0-07" at "10:00" with "--notes late\ start":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      And I run "experiment override --window W0-07 --phase after --meter 5h --used 17 --resets-at 2025-10-19T13:01:00Z --at 2025-10-19T11:00:00Z --notes from\ memory"
      And I run "experiment complete --window W0-07 --feature lru-cache --outcome pass --notes power\ cut"
      And I run "experiment audit --window W0-07"
      Then it ends with exit code 1
      And it prints each of:
        | operator: late start  |
        | operator: from memory |
        | operator: power cut   |

  Rule: The preview shows how each reading came to be

    Example: A pane and a typed value
      Given codex was read before "W0-07" at "10:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      And "experiment override --window W0-07 --phase after --meter 5h --used 17 --resets-at 2025-10-19T13:01:00Z --at 2025-10-19T11:00:00Z" has been run
      And the window "W0-07" was completed with "--feature lru-cache --outcome pass"
      When I run "experiment preview --experiment manual"
      Then it prints "alias, then override"
      And it prints "no      alias"

  Rule: Without a name the agent is main

    Example: Nobody names the agent
      When codex is read before "W0-07" at "10:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      Then every row of the ledger has:
        | agent_id | main |
