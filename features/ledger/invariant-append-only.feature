Feature: Nothing is edited
  Invariant 1. A row that was written stays as it was written. What was wrong is undone by a
  tombstone or corrected by a row that supersedes it, and the correction counts once.

  Background:
    Given codex was read before "W0-07" at "10:00":
      | METER  | SHOWN    | RESETS          |
      | weekly | 19% used | 21:11 on 25 Oct |

  Rule: Rows are added, and stamped

    Example: An undo leaves the row in its place
      When I run "experiment undo --agent operator"
      Then it ends with exit code 0
      And it prints "It stays in the ledger and counts no more."
      And what was there is there as it was
      And every row says who wrote it, when, how and with which version

    Example: What was undone can be taken again
      Given 'the "before" of W0-07 (codex)' was undone
      When codex is read before "W0-07" at "10:05":
        | METER  | SHOWN    | RESETS          |
        | weekly | 20% used | 21:11 on 25 Oct |
      Then it ends with exit code 0
      And what was there is there as it was
      And the readings of "W0-07" say:
        | METER  | BEFORE | AFTER | DELTA | FLAG          |
        | weekly | 20     |       | null  | meter-missing |

    Example: A correction counts once, the row that it corrects never
      Given the window "W0-07" was completed with "--feature lru-cache --outcome fail --quality 0.1"
      And the window "W0-07" was completed with "--feature lru-cache --outcome pass --quality 0.9 --methodology by-hand --commit-start 1a2b3c4 --commit-end 5d6e7f8"
      When I run "experiment preview --experiment manual"
      Then it prints "Outcomes: pass 1"
      And it prints "0.900"
      And it does not print "0.100"

    Example: A correction of one meter leaves what is wrong with the others on record
      Given "experiment override --window W0-07 --phase before --meter 5h --used 17" has been run
      When I run "experiment override --window W0-07 --phase before --meter weekly --used 18 --resets-at 2025-10-25T21:11:00Z"
      Then it ends with exit code 0
      And it prints "error: 5h: no reset was typed."

    Example: A correction of a meter ends what was wrong with it
      Given "experiment override --window W0-07 --phase before --meter 5h --used 17" has been run
      When I run "experiment override --window W0-07 --phase before --meter 5h --used 18 --resets-at 2025-10-19T13:01:00Z"
      Then it ends with exit code 0
      And it does not print "error:"

    Example: A reading that is typed corrects the pane's
      When I run "experiment override --window W0-07 --phase before --meter weekly --used 17 --resets-at 2025-10-25T21:11:00Z --at 2025-10-19T10:01:00Z"
      Then it ends with exit code 0
      And what was there is there as it was
      And every row says who wrote it, when, how and with which version
      And the readings of "W0-07" say:
        | METER  | BEFORE | AFTER | DELTA | FLAG          |
        | weekly | 17     |       | null  | meter-missing |

  Rule: Saying the same again changes nothing

    Example: The same pane for the same reading
      When codex is read before "W0-07" at "10:30":
        | METER  | SHOWN    | RESETS          |
        | weekly | 19% used | 21:11 on 25 Oct |
      Then it ends with exit code 0
      And it prints "the same is there already; nothing was written"
      And nothing is added to the ledger

    Example: The same completion
      Given the window "W0-07" was completed with "--feature lru-cache --outcome fail --quality 0.1"
      When I run "experiment complete --window W0-07 --feature lru-cache --outcome fail --quality 0.1"
      Then it ends with exit code 0
      And it prints "the same is there already; nothing was written"
      And nothing is added to the ledger

  Rule: An undo goes backwards

    Example: A reading that another one was measured from
      Given codex was read after "W0-07" at "11:00":
        | METER  | SHOWN    | RESETS          |
        | weekly | 23% used | 21:11 on 25 Oct |
      And the window "W0-07" was completed with "--feature lru-cache --outcome pass --quality 1 --methodology m --commit-start 1a2b3c4 --commit-end 5d6e7f8"
      And 'the completion of W0-07 (codex)' was undone
      When I undo the first reading
      Then it ends with exit code 3
      And it says "Undo that first: experiment undo --id" on stderr
      And nothing is added to the ledger

    Example: A correction that the window's completion was not made from
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

    Example: A correction that the window's completion was made from
      Given codex was read after "W0-07" at "11:00":
        | METER  | SHOWN    | RESETS          |
        | weekly | 23% used | 21:11 on 25 Oct |
      And "experiment override --window W0-07 --phase before --meter weekly --used 17 --resets-at 2025-10-25T21:11:00Z" has been run
      And the window "W0-07" was completed with "--feature lru-cache --outcome pass --quality 1 --methodology m --commit-start 1a2b3c4 --commit-end 5d6e7f8"
      When I undo the last reading
      Then it ends with exit code 3
      And it says "Undo that first: experiment undo --id" on stderr
      And nothing is added to the ledger

    Example: A row that was undone before
      Given 'the "before" of W0-07 (codex)' was undone
      When I undo the first reading
      Then it ends with exit code 3
      And it says "undone or corrected before" on stderr
      And nothing is added to the ledger

    Example: A row that was corrected before
      Given "experiment override --window W0-07 --phase before --meter weekly --used 17 --resets-at 2025-10-25T21:11:00Z" has been run
      When I undo the first reading
      Then it ends with exit code 3
      And it says "undone or corrected before" on stderr
      And the readings of "W0-07" say:
        | METER  | BEFORE | AFTER | DELTA | FLAG          |
        | weekly | 17     |       | null  | meter-missing |

    Example: A row by what its id begins with
      When I undo the first reading by its first 8 characters
      Then it ends with exit code 0
      And it prints 'Undone: the "before" of W0-07 (codex)'

    Example: Two rows by what both their ids begin with
      Given a row of "windows" that can't be read has an id that begins as that of the first row of "snapshots"
      When I undo the first reading by its first 8 characters
      Then it ends with exit code 2
      And it says "expected what only one row's id begins with, got what 2 begin with" on stderr
      And nothing is added to the ledger

    Example: A row that is not there
      When I run "experiment undo --id 00000000"
      Then it ends with exit code 2
      And it says "got none that is known" on stderr
      And nothing is added to the ledger

    Example: Nothing of this agent's
      When I run "experiment undo --agent somebody-else"
      Then it ends with exit code 2
      And it says "expected a row of this agent that can be undone, got none" on stderr
      And nothing is added to the ledger
