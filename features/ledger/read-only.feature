Feature: A ledger that can only be read
  A ledger on a read-only mount, or of another user, can be read by every command that only reads. Commands
  that record something say so before they do anything.

  Background:
    Given the ledger of a run

  Rule: Commands that only read work on a read-only mount

    @spawn
    Scenario Outline: experiment <COMMAND>
      Given its data folder is mounted read-only
      When I run "experiment <COMMAND>"
      Then it ends with exit code <CODE>
      And it prints "<TOLD>"
      And the ledger is unchanged

      Examples:
        | COMMAND                                                   | CODE | TOLD                    |
        | preview                                                   | 0    | Windows: 2 of 2 done    |
        | preview --window W0-01                                    | 0    | W0-01                   |
        | preview --explain quality                                 | 0    | No row enters it |
        | report --json                                             | 0    | report_version          |
        | report --out out                                          | 0    | out/report.md |
        | compare --baseline first --candidate second               | 0    | first                   |
        | audit --window W0-01                                      | 1    | W0-01                   |
        | reconcile                                                 | 0    | it counts by proxy |
        | churn --by-feature                                        | 0    | No window has a churn   |
        | backlog list                                              | 0    | The backlog is empty    |
        | run --resume --dry-run                                    | 0    | Nothing was run.        |
        | clean --dry-run                                           | 0    | would be removed        |
        | ledger verify                                             | 0    | Whole: every row        |
        | ledger query SELECT\ count(*)\ AS\ n\ FROM\ window_opened | 0    | 2                       |
        | ledger export --to csv --out out                          | 0    | Written to              |
        | ledger export --to jsonl --out out                        | 0    | Written to              |
        | ledger export --to parquet --out out                      | 0    | Written to              |
        | ledger import .experiment --data-dir out                  | 0    | rows imported           |

  Rule: Another user who may read it can do the same

    @spawn
    Scenario Outline: experiment <COMMAND>
      Given its folder can be read and not written to
      When I run "experiment <COMMAND>" as a user with read access only
      Then it ends with exit code 0
      And it prints "<TOLD>"
      And the ledger is unchanged

      Examples:
        | COMMAND                                                   | TOLD                 |
        | preview                                                   | Windows: 2 of 2 done |
        | report --json                                             | report_version       |
        | backlog list                                              | The backlog is empty |
        | ledger query SELECT\ count(*)\ AS\ n\ FROM\ window_opened | 2                    |

  Rule: What such a command would have recorded is shown, and stderr says that it is not on record

    @spawn
    Example: The verdict of the gate
      Given its data folder is mounted read-only
      When I run "experiment gate"
      Then it ends with exit code 10
      And it prints "STAY LEAN"
      And it says "this decision is not on record: the ledger can't be written to" on stderr
      And the ledger is unchanged

    @spawn
    Example: The ends of the files
      Given its data folder is mounted read-only
      When I run "experiment ledger checkpoint"
      Then it ends with exit code 0
      And it prints the ledger's id and the hash of its heads
      And it says "this is not on record, so it can't serve as an anchor: the ledger can't be written to" on stderr
      And the ledger is unchanged

    @spawn
    Example: The ends of the files, for a script
      Given its data folder is mounted read-only
      When I run "experiment ledger checkpoint --json"
      Then it ends with exit code 0
      And it prints the ledger's id and the hash of its heads

    @spawn
    Example: A divergence
      Given a log of claude-session:
        """
        claude m1 100 50
        """
      And it was ingested as "claude-session" with "--window W0-07"
      And the result of claude says 1300 and 600, and was ingested for "W0-07"
      And its data folder is mounted read-only
      When I run "experiment reconcile --window W0-07"
      Then it ends with exit code 1
      And it says "this command records no divergence: the ledger can't be written to" on stderr

  Rule: A torn write stays where it is, and the complete rows are read

    @spawn
    Scenario Outline: experiment <COMMAND>
      Given a kill tore the last write to "windows.jsonl"
      And its data folder is mounted read-only
      When I run "experiment <COMMAND>"
      Then it ends with exit code 0
      And it prints "<TOLD>"
      And it says "windows.jsonl ends in 200 bytes of a torn write" on stderr
      And the ledger is unchanged

      Examples:
        | COMMAND                                                   | TOLD                 |
        | preview                                                   | Windows: 2 of 2 done |
        | ledger query SELECT\ count(*)\ AS\ n\ FROM\ window_opened | 2                    |
        | ledger export --to parquet --out out                      | Written to           |

  Rule: Damage is refused here too

    @spawn
    Scenario Outline: experiment <COMMAND>, with <DAMAGE>
      Given the file "windows.jsonl" has "<DAMAGE>"
      And its data folder is mounted read-only
      When I run "experiment <COMMAND>"
      Then it ends with exit code 6
      And the ledger is unchanged

      Examples:
        | COMMAND         | DAMAGE                         |
        | preview         | a flipped bit in its first row |
        | preview         | a flipped bit in its last row  |
        | preview         | a first row that is gone       |
        | gate            | a flipped bit in its last row  |
        | backlog list    | a flipped bit in its last row  |

  Rule: A command that records something is refused before it does anything

    @spawn
    Scenario Outline: experiment <COMMAND>
      Given its data folder is mounted read-only
      When I run "experiment <COMMAND>"
      Then it ends with exit code 2
      And it says "that can be written to" on stderr
      And the ledger is unchanged

      Examples:
        | COMMAND                                                                         |
        | backlog ready search                                                            |
        | run --resume                                                                    |
        | regrade                                                                         |
        | clean                                                                           |
        | undo                                                                            |
        | override --phase before --meter 5h --used 1 --window M1 --provider p            |
        | gate --policy literal --allow-amended                                           |
