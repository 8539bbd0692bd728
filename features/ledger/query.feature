Feature: Querying the ledger with SQL
  Each record is a view with all fields of its rows. A query can only read.

  Background:
    Given the ledger of a run

  Rule: A SELECT is answered from the rows

    Example: As a table
      When I run "experiment ledger query SELECT\ provider,\ outcome,\ count(*)\ AS\ n\ FROM\ window_finalized\ GROUP\ BY\ ALL\ ORDER\ BY\ 1"
      Then it ends with exit code 0
      And it prints each of:
        | provider  outcome   n |
        | first     no_spend  1 |
        | second    no_spend  1 |
      And the ledger is unchanged

    Example: As JSON
      When I run "experiment ledger query --json SELECT\ count(*)\ AS\ n\ FROM\ window_finalized"
      Then it ends with exit code 0
      And it prints each of:
        | "n": 2 |

    Scenario Outline: A record without rows, <COLUMNS>
      When I run "experiment ledger query SELECT\ <QUERY>"
      Then it ends with exit code 0
      And it prints "<TOLD>"
      And the ledger is unchanged

      Examples:
        | COLUMNS             | QUERY                                                                       | TOLD             |
        | counted             | count(*)\ AS\ n\ FROM\ look_taken                                           | 0                |
        | by its fields       | kind,\ touches[1]\ FROM\ anomaly_recorded                                   | kind  touches[1] |
        | by its envelope     | id,\ recorded_at\ FROM\ arm_halted                                          | id  recorded_at  |
        | by fields of fields | sum(usage.output)\ +\ avg(cost.amount)\ AS\ spent\ FROM\ window_interrupted | spent            |

    Example: A field that no row has
      When I run "experiment ledger query SELECT\ count(supersedes)\ AS\ n\ FROM\ window_finalized"
      Then it ends with exit code 0
      And it prints "0"

    Example: A ledger without rows
      Given the ledger has no rows yet
      When I run "experiment ledger query SELECT\ count(*)\ AS\ n\ FROM\ window_finalized"
      Then it ends with exit code 0
      And it prints "0"

    Example: A record that this version does not know
      Given a later version has added to "churn":
        """
        {"record": "moon_phase", "schema_version": "1.7", "phase": "waning"}
        """
      When I run "experiment ledger query SELECT\ phase\ FROM\ moon_phase"
      Then it ends with exit code 0
      And it prints "waning"
      And it says "1 row(s) are of moon_phase, a record of another version, the first is churn.jsonl, seq 3 (envelope 1, schema 1.7)" on stderr

    Scenario Outline: A record that this version does not know breaks no other query, such as <QUERY>
      Given a later version has added to "churn":
        """
        {"record": "moon_phase", "schema_version": "1.7", "phase": "waning"}
        """
      When I run "experiment ledger query SELECT\ <QUERY>"
      Then it ends with exit code 0
      And it prints "<TOLD>"
      And it says "1 row(s) are of moon_phase, a record of another version" on stderr

      Examples:
        | QUERY                                               | TOLD |
        | count(*)\ AS\ n\ FROM\ window_finalized            | 2    |
        | count(*)\ AS\ n\ FROM\ window_opened               | 2    |
        | outcome\ FROM\ window_finalized\ WHERE\ id\ NOT\ IN\ (FROM\ counts_no_more) | no_spend |

    Scenario Outline: A record whose name is not valid for a view, such as "<RECORD>"
      Given a later version has added to "churn":
        """
        {"record": "<RECORD>", "schema_version": "1.7", "phase": "waning"}
        """
      When I run "experiment ledger query SELECT\ phase\ FROM\ snapshot_taken"
      Then it ends with exit code 0
      And it says '1 row(s) are of "<RECORD>", after which no view can be named: they are in none' on stderr

      Examples:
        | RECORD           |
        |                  |
        | Window_Finalized |
        | counts_no_more   |
        | moon\u0000phase  |

  Rule: Views contain rows of another version, and the query reports them

    Example: A payload of another major version
      Given a later version has added to "windows":
        """
        {"record": "window_finalized", "schema_version": "2.0", "shape": "new"}
        """
      When I run "experiment ledger query SELECT\ count(*)\ AS\ n\ FROM\ window_finalized"
      Then it ends with exit code 0
      And it prints "3"
      And it says "1 row(s) of window_finalized have another version, the first is windows.jsonl, seq 5 (envelope 1, schema 2.0)" on stderr

    Example: Rows of this version alone
      When I run "experiment ledger query SELECT\ 1"
      Then it ends with exit code 0
      And it does not say "another version" on stderr

  Rule: Corrected and undone rows can be left out

    Example: A correction counts once
      Given codex was read before "W0-07" at "10:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      And the window "W0-07" was completed with "--feature lru-cache --outcome fail --quality 0.1"
      And the window "W0-07" was completed with "--feature lru-cache --outcome pass --quality 0.9"
      When I run "experiment ledger query SELECT\ outcome\ FROM\ window_finalized\ WHERE\ \"window\"='W0-07'\ AND\ id\ NOT\ IN\ (FROM\ counts_no_more)"
      Then it ends with exit code 0
      And it prints "pass"
      And it does not print "fail"

    Example: A corrected row counts again once the correction is undone
      Given codex was read before "W0-07" at "10:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      And the window "W0-07" was completed with "--feature lru-cache --outcome fail --quality 0.1"
      And the window "W0-07" was completed with "--feature lru-cache --outcome pass --quality 0.9"
      And 'the completion of W0-07 (codex)' was undone
      When I run "experiment ledger query SELECT\ outcome\ FROM\ window_finalized\ WHERE\ \"window\"='W0-07'\ AND\ id\ NOT\ IN\ (FROM\ counts_no_more)"
      Then it prints "fail"
      And it does not print "pass"

    Example: Nothing was corrected
      When I run "experiment ledger query SELECT\ count(*)\ AS\ n\ FROM\ counts_no_more"
      Then it ends with exit code 0
      And it prints "0"

  Rule: An unparseable line is never silently left out

    Example: A row with a valid hash that is not JSON
      Given the file "windows.jsonl" has "a row before the last whose hash is right and that is no JSON"
      When I run "experiment ledger query SELECT\ count(*)\ FROM\ window_finalized"
      Then it ends with exit code 6
      And it says "experiment ledger verify --full" on stderr
      And the ledger is unchanged

  Rule: Everything but a SELECT is refused

    Scenario Outline: <WHAT>
      When I run "experiment ledger query <SQL>"
      Then it ends with exit code 2
      And it says "<TOLD>" on stderr
      And the ledger is unchanged

      Examples:
        | WHAT                   | SQL                                              | TOLD                                  |
        | A view that is not one | SELECT\ *\ FROM\ nothing                         | The views are:                        |
        | A statement that acts  | DROP\ VIEW\ window_opened                        | expected one SELECT                   |
        | Nothing                | ;                                                | expected one SELECT, got 0 statements |
        | Two statements         | SELECT\ 1;SELECT\ 2                              | expected one SELECT, got 2            |
        | A file elsewhere       | SELECT\ *\ FROM\ read_text('../experiment.yaml') | file system operations are disabled   |

    Example: A damaged ledger
      Given the file "windows.jsonl" has "a flipped bit in its first row"
      When I run "experiment ledger query SELECT\ 1"
      Then it ends with exit code 6
      And it says "these bytes are not a row" on stderr
