Feature: Readings that an operator types
  One call of override records every meter of a reading in one row.

  Rule: A reading may have several meters

    Example: Two meters, with their limits and resets
      When I run "experiment override --window W0-07 --provider glm --phase before --unit prompts --reading 5h=12/30@2025-10-19T13:01:00Z --reading weekly=40@2025-10-25T21:11:00Z --at 2025-10-19T10:00:00Z"
      Then it ends with exit code 0
      And the ledger has 1 row of "snapshot_taken"
      And the last reading has the meters:
        | METER  | USED | UNIT    | LIMIT | RESETS           |
        | 5h     | 12   | prompts | 30    | 2025-10-19T13:01 |
        | weekly | 40   | prompts |       | 2025-10-25T21:11 |

    Example: Meters with units of their own
      When I run "experiment override --window W0-07 --provider glm --phase before --reading 5h=12prompts/30@2025-10-19T13:01:00Z --reading weekly=40@2025-10-25T21:11:00Z --at 2025-10-19T10:00:00Z"
      Then it ends with exit code 0
      And the last reading has the meters:
        | METER  | USED | UNIT    | LIMIT | RESETS           |
        | 5h     | 12   | prompts | 30    | 2025-10-19T13:01 |
        | weekly | 40   | percent |       | 2025-10-25T21:11 |

    Example: The same again
      Given "experiment override --window W0-07 --provider glm --phase before --reading 5h=12 --reading weekly=40" has been run
      When I run "experiment override --window W0-07 --provider glm --phase before --reading 5h=12 --reading weekly=40"
      Then it ends with exit code 0
      And it prints "the same is there already"
      And the ledger has 1 row of "snapshot_taken"

    Example: A reading before the work that is corrected after it
      Given codex was read before "W0-07" at "10:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 17% used | 13:01  |
      And codex was read after "W0-07" at "11:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 21% used | 13:01  |
      When I run "experiment override --window W0-07 --phase before --reading 5h=16@2025-10-19T13:01:00Z"
      Then it ends with exit code 0
      And the readings of "W0-07" say:
        | METER | BEFORE | AFTER | DELTA | FLAG |
        | 5h    | 16     | 21    | 5     |      |

    Example: Other meters of the reading stay
      Given codex was read before "W0-07" at "10:00":
        | METER  | SHOWN    | RESETS          |
        | 5h     | 17% used | 13:01           |
        | weekly | 19% used | 21:11 on 25 Oct |
      When I run "experiment override --window W0-07 --phase before --reading weekly=20@2025-10-25T21:11:00Z --reading opus=3"
      Then it ends with exit code 0
      And the last reading has the meters:
        | METER  | USED | UNIT    | RESETS           |
        | 5h     | 17   | percent | 2025-10-19T13:01 |
        | weekly | 20   | percent | 2025-10-25T21:11 |
        | opus   | 3    | percent |                  |

  Rule: A mistake in one meter refuses the whole reading

    Scenario Outline: The options <OPTIONS>
      When I run "experiment override --window W0-07 --provider glm --phase before <OPTIONS>"
      Then it ends with exit code 2
      And it says '<WHAT>' on stderr
      And the ledger has 0 rows of "snapshots"

      Examples:
        | OPTIONS                                  | WHAT                                                                            |
        | --reading 5h=12 --reading 5h=13          | --reading 5h=13: expected each meter once                                       |
        | --reading 5h                             | --reading: expected a meter and what was used, such as 5h=12, got "5h"          |
        | --reading 5h=lots                        | --reading 5h: expected a number that is not negative, got "lots"                |
        | --reading 5h=12miles                     | --reading 5h: expected one of percent, tokens, prompts, credits, usd, got "miles" |
        | --reading 5h=12@noon                     | --reading 5h: expected a time with its zone, got "noon"                         |
        | --reading 5h=101                         | --reading 5h: expected at most 100 percent, got 101                             |
        | --reading 5h=12/30                       | --reading 5h: expected --unit with a limit, got percents, whose limit is 100  |
        | --meter 5h --used 12 --limit 30          | --limit: expected --unit with a limit, got percents, whose limit is 100       |
        | --reading opus=3@2025-10-25T21:11:00Z    | --reading opus: expected a duration in the name, such as "opus weekly"          |
        | --reading 5h=12 --meter weekly --used 40 | --reading <reading>                                                             |
        |                                          | --reading: expected a reading, got none. Write e.g. --reading 5h=12             |
        | --meter weekly                           | --used: expected what was used, got none                                        |
