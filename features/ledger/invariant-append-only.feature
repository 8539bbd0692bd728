Feature: Nothing is edited
  Invariant 1. A written row never changes. A wrong row is undone by a tombstone or corrected by a row
  that supersedes it, and the correction counts once.

  Background:
    Given codex was read before "W0-07" at "10:00":
      | METER  | SHOWN    | RESETS          |
      | weekly | 19% used | 21:11 on 25 Oct |

  Rule: Rows are added, and stamped

    Example: An undo leaves the row in its place
      When I run "experiment undo --agent main"
      Then it ends with exit code 0
      And it prints "It stays in the ledger and no longer counts."
      And the existing files are unchanged
      And every row says who wrote it, when, how and with which version

    Example: An undone reading can be taken again
      Given 'the "before" of W0-07 (codex)' was undone
      When codex is read before "W0-07" at "10:05":
        | METER  | SHOWN    | RESETS          |
        | weekly | 20% used | 21:11 on 25 Oct |
      Then it ends with exit code 0
      And the existing files are unchanged
      And the readings of "W0-07" say:
        | METER  | BEFORE | AFTER | DELTA | FLAG          |
        | weekly | 20     |       | null  | meter-missing |

    Example: A correction counts once, and the corrected row does not count
      Given the window "W0-07" was completed with "--feature lru-cache --outcome fail --quality 0.1"
      And the window "W0-07" was completed with "--feature lru-cache --outcome pass --quality 0.9 --methodology by-hand --commit-start 1a2b3c4 --commit-end 5d6e7f8"
      When I run "experiment preview --experiment manual"
      Then it prints "Outcomes: pass 1"
      And it prints "0.900"
      And it does not print "0.100"

    Example: A correction of one meter keeps the anomalies of the other meters
      Given "experiment override --window W0-07 --phase before --meter 5h --used 17" has been run
      When I run "experiment override --window W0-07 --phase before --meter weekly --used 18 --resets-at 2025-10-25T21:11:00Z"
      Then it ends with exit code 0
      And it prints "error: 5h: no reset was typed."

    Example: A correction of a meter ends its anomaly
      Given "experiment override --window W0-07 --phase before --meter 5h --used 17" has been run
      When I run "experiment override --window W0-07 --phase before --meter 5h --used 18 --resets-at 2025-10-19T13:01:00Z"
      Then it ends with exit code 0
      And it does not print "error:"

    Example: A typed reading corrects the pane's
      When I run "experiment override --window W0-07 --phase before --meter weekly --used 17 --resets-at 2025-10-25T21:11:00Z --at 2025-10-19T10:01:00Z"
      Then it ends with exit code 0
      And the existing files are unchanged
      And every row says who wrote it, when, how and with which version
      And the readings of "W0-07" say:
        | METER  | BEFORE | AFTER | DELTA | FLAG          |
        | weekly | 17     |       | null  | meter-missing |

  Rule: Repeating the same input changes nothing

    Example: The same pane for the same reading
      When codex is read before "W0-07" at "10:30":
        | METER  | SHOWN    | RESETS          |
        | weekly | 19% used | 21:11 on 25 Oct |
      Then it ends with exit code 0
      And it prints "the same is there already; nothing was written"
      And the ledger is unchanged

    Example: The same completion
      Given the window "W0-07" was completed with "--feature lru-cache --outcome fail --quality 0.1"
      When I run "experiment complete --window W0-07 --feature lru-cache --outcome fail --quality 0.1"
      Then it ends with exit code 0
      And it prints "the same is there already; nothing was written"
      And the ledger is unchanged

  Rule: Rows are undone in reverse order

    Example: A reading that a later reading depends on
      Given codex was read after "W0-07" at "11:00":
        | METER  | SHOWN    | RESETS          |
        | weekly | 23% used | 21:11 on 25 Oct |
      And the window "W0-07" was completed with "--feature lru-cache --outcome pass --quality 1 --methodology m --commit-start 1a2b3c4 --commit-end 5d6e7f8"
      And 'the completion of W0-07 (codex)' was undone
      When I undo the first row of "snapshots"
      Then it ends with exit code 3
      And it says "Undo that first: experiment undo --id" on stderr
      And the ledger is unchanged

    Example: A correction that the window's completion does not depend on
      Given codex was read after "W0-07" at "11:00":
        | METER  | SHOWN    | RESETS          |
        | weekly | 23% used | 21:11 on 25 Oct |
      And the window "W0-07" was completed with "--feature lru-cache --outcome pass --quality 1 --methodology m --commit-start 1a2b3c4 --commit-end 5d6e7f8"
      And "experiment override --window W0-07 --phase before --meter weekly --used 91 --resets-at 2025-10-25T21:11:00Z" has been run
      When I run "experiment undo"
      Then it ends with exit code 0
      And it prints 'Undone: the "before" of W0-07 (codex)'
      And the readings of "W0-07" say:
        | METER  | BEFORE | AFTER | DELTA | FLAG |
        | weekly | 19     | 23    | 4     |      |

    Example: A correction that the window's completion depends on
      Given codex was read after "W0-07" at "11:00":
        | METER  | SHOWN    | RESETS          |
        | weekly | 23% used | 21:11 on 25 Oct |
      And "experiment override --window W0-07 --phase before --meter weekly --used 17 --resets-at 2025-10-25T21:11:00Z" has been run
      And the window "W0-07" was completed with "--feature lru-cache --outcome pass --quality 1 --methodology m --commit-start 1a2b3c4 --commit-end 5d6e7f8"
      When I undo the last row of "snapshots"
      Then it ends with exit code 3
      And it says "Undo that first: experiment undo --id" on stderr
      And the ledger is unchanged

    Example: A row that was undone before
      Given 'the "before" of W0-07 (codex)' was undone
      When I undo the first row of "snapshots"
      Then it ends with exit code 3
      And it says "undone or corrected before" on stderr
      And the ledger is unchanged

    Example: A row that was corrected before
      Given "experiment override --window W0-07 --phase before --meter weekly --used 17 --resets-at 2025-10-25T21:11:00Z" has been run
      When I undo the first row of "snapshots"
      Then it ends with exit code 3
      And it says "undone or corrected before" on stderr
      And the readings of "W0-07" say:
        | METER  | BEFORE | AFTER | DELTA | FLAG          |
        | weekly | 17     |       | null  | meter-missing |

    Example: A row by the beginning of its id
      When I undo the first row of "snapshots" by its first 8 characters
      Then it ends with exit code 0
      And it prints 'Undone: the "before" of W0-07 (codex)'

    Example: Two rows with the same beginning of the id
      Given a row of "windows" that can't be read has an id that begins as that of the first row of "snapshots"
      When I undo the first row of "snapshots" by its first 8 characters
      Then it ends with exit code 2
      And it says "expected the beginning of one row's id, got one of 2 rows" on stderr
      And the ledger is unchanged

    Example: A row that does not exist
      When I run "experiment undo --id 00000000"
      Then it ends with exit code 2
      And it says "got an unknown one" on stderr
      And the ledger is unchanged

    Example: No row of this agent
      When I run "experiment undo --agent somebody-else"
      Then it ends with exit code 2
      And it says "expected a row of this agent that can be undone, got none" on stderr
      And the ledger is unchanged
