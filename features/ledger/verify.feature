Feature: Verification of the ledger
  `experiment ledger verify` checks the hash and the place of every row in the chain. It never writes or
  repairs anything.

  Background:
    Given the ledger of a run

  Rule: A whole ledger is reported as whole

    Example: After a run
      When I run "experiment ledger verify"
      Then it ends with exit code 0
      And it prints each of:
        | Verified from the start              |
        | Anomalies on record: 0               |
        | Whole: every row is what was written |
      And the ledger is unchanged

    Example: Only the rows after the last checkpoint
      When I run "experiment ledger verify --from-checkpoint"
      Then it ends with exit code 0
      And it prints "Verified since the last checkpoint"
      And the ledger is unchanged

  Rule: What could not be checked is named, and the ledger is not called whole

    Example: Without a checkpoint, rows that were cut from an end are not missed
      Given the ledger is replaced by another one
      When I run "experiment ledger verify"
      Then it ends with exit code 0
      And it prints each of:
        | unchecked (no-checkpoint): the ledger has no checkpoint              |
        | Make a checkpoint, and keep it elsewhere                             |
        | No damage was found, but not everything could be checked: see above. |
      And the ledger is unchanged

    Example: A sync has failed, and no command has rewritten the file
      Given the file "windows.jsonl" has "a failed sync"
      When I run "experiment ledger verify"
      Then it ends with exit code 0
      And it prints each of:
        | windows.jsonl: unchecked (failed-sync): a sync of windows.jsonl has failed |
        | No damage was found, but not everything could be checked: see above.       |
      And the ledger is unchanged

    Example: The next command rewrites the file
      Given the file "windows.jsonl" has "a failed sync"
      And "experiment preview" has been run
      When I run "experiment ledger verify"
      Then it ends with exit code 0
      And it prints "Whole: every row is what was written"

  Rule: Damage is reported with its place and a remedy, and never changed

    Scenario Outline: <DAMAGE>
      Given the file "windows.jsonl" has "<DAMAGE>"
      When I run "experiment ledger verify"
      Then it ends with exit code 6
      And it prints "<TOLD>"
      And it prints "Nothing was changed."
      And the ledger is unchanged

      Examples:
        | DAMAGE                                              | TOLD                                                  |
        | a flipped bit in its first row                      | windows.jsonl, line 1, byte 0: damage (no-row)        |
        | a first row with another hash                       | windows.jsonl, line 1, byte 0: damage (no-row)        |
        | a first row that is gone                            | windows.jsonl, line 1, byte 0: damage (chain-broken)  |
        | a line before the last that is no row               | damage (no-row): the 17 bytes from here on are not a row |
        | a line of 2 MB before the last                      | the 2097152 bytes from here on are not a row             |
        | a last row whose hash is right and that is no JSON  | damage (unreadable-row)                               |
        | a last row again with the same id and other content | damage (duplicate-id)                                 |

    @slow
    Example: A line of 100 MB
      Given the file "windows.jsonl" has "a line of 100 MB before the last"
      When I run "experiment ledger verify"
      Then it ends with exit code 6
      And it prints "the 104857600 bytes from here on are not a row"

    Example: A row that is not JSON, with --full
      Given the file "windows.jsonl" has "a row before the last whose hash is right and that is no JSON"
      When I run "experiment ledger verify --full"
      Then it ends with exit code 6
      And it prints each of:
        | windows.jsonl, line 5   |
        | damage (unreadable-row) |
        | Damaged: 1 finding      |
      And the ledger is unchanged

    Example: A payload of another major version, with --full
      Given a later version has added to "churn":
        """
        {"record": "moon_phase", "schema_version": "2.0", "phase": "waning"}
        """
      When I run "experiment ledger verify --full"
      Then it ends with exit code 0
      And it prints "note (unknown-version): row 3, moon_phase, has schema 2.0"

    Example: A whole ledger is whole with --full too
      When I run "experiment ledger verify --full"
      Then it ends with exit code 0
      And it prints "Verified from the start, every row parsed"
      And the ledger is unchanged

    Example: A script gets the place of the damage
      Given the file "windows.jsonl" has "a flipped bit in its first row"
      When I run "experiment ledger verify --json"
      Then it ends with exit code 6
      And it prints each of:
        | "is_damaged": true      |
        | "path": "windows.jsonl" |
        | "line": 1               |
        | "what_to_do":           |

  Rule: The row that closes a session cites its checkpoint

    Example: checkpoints.jsonl is missing
      Given ".experiment/ledger/checkpoints.jsonl" is removed
      When I run "experiment ledger verify"
      Then it ends with exit code 6
      And it prints each of:
        | checkpoints.jsonl: damage (checkpoint-missing): the file is missing or empty |
        | row 3 of experiments.jsonl cites                                             |
        | Restore checkpoints.jsonl from a copy                                        |
        | Damaged: 1 finding. Nothing was changed.                                     |
      And the ledger is unchanged

    Example: A gate does not open without it
      Given ".experiment/ledger/checkpoints.jsonl" is removed
      When I run "experiment gate"
      Then it ends with exit code 6
      And the ledger is unchanged

    Example: Rows were cut from an end, and every checkpoint with them
      Given the file "windows.jsonl" has "no last row any more, nor the ledger a checkpoint"
      When I run "experiment ledger verify"
      Then it ends with exit code 6
      And it prints "damage (checkpoint-missing)"

  Rule: A checkpoint kept elsewhere reveals damage that a chain alone can't show

    Example: Nothing has changed
      Given a checkpoint is kept in "anchor.json"
      When I run "experiment ledger verify --anchor anchor.json"
      Then it ends with exit code 0
      And the ledger is unchanged

    Example: Rows and all their traces were cut from the end
      Given a checkpoint is kept in "anchor.json"
      And the file "windows.jsonl" has "no last row any more, nor the ledger a checkpoint"
      When I run "experiment ledger verify --anchor anchor.json"
      Then it ends with exit code 6
      And it prints "damage (anchor-mismatch)"
      And the ledger is unchanged

    Example: Without the anchor a cut of every trace can't be seen
      Given the file "windows.jsonl" has "no last row any more, nor the ledger a checkpoint"
      And the file "experiments.jsonl" has "no last row any more, nor the ledger a checkpoint"
      When I run "experiment ledger verify"
      Then it ends with exit code 0
      And it prints "unchecked (no-checkpoint)"

    Example: Another ledger is in its place
      Given a checkpoint is kept in "anchor.json"
      And the ledger is replaced by another one
      When I run "experiment ledger verify --anchor anchor.json"
      Then it ends with exit code 6
      And it prints "the anchor is of the ledger"

    Example: The anchor itself was changed
      Given the ledger is read
      When I run "experiment ledger verify --anchor experiment.yaml"
      Then it ends with exit code 2
      And it says "expected a checkpoint row" on stderr
      And the ledger is unchanged

  Rule: Only a whole ledger gets a checkpoint

    Example: It names where every file ends
      When I run "experiment ledger checkpoint"
      Then it ends with exit code 0
      And it prints each of:
        | HASH OF THE LAST ROW |
        | windows              |
        | --anchor anchor.json |

    Example: A damaged ledger gets no checkpoint
      Given the file "windows.jsonl" has "a flipped bit in its first row"
      When I run "experiment ledger checkpoint"
      Then it ends with exit code 6
      And it says "these bytes are not a row" on stderr
      And the ledger is unchanged
