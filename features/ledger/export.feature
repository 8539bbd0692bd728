Feature: Exporting the ledger
  A copy keeps every byte, so it verifies with the same hashes. Tables have every field of every row.

  Background:
    Given the ledger of a run

  Rule: A JSON lines export is the ledger itself

    Example: Every byte
      When I run "experiment ledger export --to jsonl --out copy"
      Then it ends with exit code 0
      And "copy" holds the ledger byte for byte
      And the ledger is unchanged

    Example: A damaged ledger is copied unchanged and reported as damaged
      Given the file "windows.jsonl" has "a flipped bit in its first row"
      When I run "experiment ledger export --to jsonl --out copy"
      Then it ends with exit code 6
      And it prints "The copy is as damaged as the ledger"
      And "copy" holds the ledger byte for byte

  Rule: A table export has a file for each record

    Example: CSV
      When I run "experiment ledger export --to csv --out tables"
      Then it ends with exit code 0
      And the file "tables/window_finalized.csv" has the line:
        | windows | W0-01 | no_spend |
      And the ledger is unchanged

    Example: Fields and records of a later version
      Given a later version has added to "churn":
        """
        {"record": "moon_phase", "schema_version": "1.7", "phase": "waning, \"thin\"", "seen": [1, null]}
        """
      When I run "experiment ledger export --to csv --out tables"
      Then it ends with exit code 0
      And the file "tables/moon_phase.csv" has the line:
        | churn | 1.7 | "waning, ""thin""" | "[1,null]" |

    Example: Parquet
      When I run "experiment ledger export --to parquet --out tables"
      Then it ends with exit code 0
      And "tables" has a Parquet file for each record
      And the ledger is unchanged

    Example: A damaged ledger gives no tables
      Given the file "windows.jsonl" has "a flipped bit in its first row"
      When I run "experiment ledger export --to csv --out tables"
      Then it ends with exit code 6
      And it says "these bytes are not a row" on stderr
      And the folder "tables" is not there

  Rule: Tables contain unknown rows, and the export reports them

    Scenario Outline: Rows of another major version, to <FORMAT>
      Given a later version has added to "windows":
        """
        {"record": "window_finalized", "schema_version": "2.0", "shape": "new"}
        """
      When I run "experiment ledger export --to <FORMAT> --out tables"
      Then it ends with exit code 0
      And it says "1 row(s) of window_finalized have another version, the first is windows.jsonl, seq 5 (envelope 1, schema 2.0)" on stderr
      And it prints "window_finalized.<FORMAT>"

      Examples:
        | FORMAT  |
        | csv     |
        | parquet |

    Scenario Outline: A record of another version, to <FORMAT>
      Given a later version has added to "churn":
        """
        {"record": "moon_phase", "schema_version": "1.7", "phase": "waning"}
        """
      When I run "experiment ledger export --to <FORMAT> --out tables"
      Then it ends with exit code 0
      And it says "1 row(s) are of moon_phase, a record of another version, the first is churn.jsonl, seq 3 (envelope 1, schema 1.7)" on stderr
      And it prints "moon_phase.<FORMAT>"

      Examples:
        | FORMAT  |
        | csv     |
        | parquet |

    Example: A record whose name is not valid for a Parquet table
      Given a later version has added to "churn":
        """
        {"record": "Window_Finalized", "schema_version": "1.7", "phase": "waning"}
        """
      When I run "experiment ledger export --to parquet --out tables"
      Then it ends with exit code 0
      And it says '1 row(s) are of "Window_Finalized", after which no view can be named: they are in none' on stderr

    Scenario Outline: Rows of this version alone, to <FORMAT>
      When I run "experiment ledger export --to <FORMAT> --out tables"
      Then it ends with exit code 0
      And it does not say "another version" on stderr

      Examples:
        | FORMAT  |
        | csv     |
        | parquet |

  Rule: An export never overwrites anything

    Example: A folder with something in it
      When I run "experiment ledger export --to csv --out ."
      Then it ends with exit code 2
      And it says "expected a folder that is new or empty" on stderr
      And the ledger is unchanged

    Example: The ledger's own folder
      When I run "experiment ledger export --to csv --out .experiment/ledger/tables"
      Then it ends with exit code 2
      And it says "expected a folder outside of the ledger's own" on stderr
      And the ledger is unchanged
