Feature: Unusual ledgers
  Each case gets a message that says what is wrong and what to do. Nothing is lost silently.

  Rule: One folder holds one ledger

    Example: A file of another ledger
      Given the ledger of a run
      And the file "backlog.jsonl" of another ledger lies in it
      When I run "experiment ledger verify"
      Then it ends with exit code 6
      And it prints "the file is of another ledger"
      And the ledger is unchanged

    Example: Rows without the header that names the ledger
      Given the ledger of a run
      And ".experiment/ledger/ledger.json" is removed
      When I run "experiment preview"
      Then it ends with exit code 2
      And it says "without the ledger's ledger.json" on stderr
      And the ledger is unchanged

    Example: No ledger at all
      When I run "experiment ledger verify"
      Then it ends with exit code 2
      And it says "there is no ledger here" on stderr
      And nothing is written

  Rule: A folder that can't be written to is refused before anything happens

    @spawn
    Example: A read-only folder
      Given the ledger of a run
      And its folder can be read and not written to
      When I run "experiment backlog ready search" as a user with read access only
      Then it ends with exit code 2
      And it says "expected a folder that can be written to" on stderr
      And the ledger is unchanged

    @spawn
    Example: Verification needs to write nothing
      Given the ledger of a run
      And its folder can be read and not written to
      When I run "experiment ledger verify" as a user with read access only
      Then it ends with exit code 0
      And it prints "Whole: every row is what was written"
      And the ledger is unchanged

    @spawn
    Example: A folder on a network file system
      Given the disk is a network file system
      When I run "experiment backlog ready search" in a process of its own
      Then it ends with exit code 2
      And it says "on a network file system (NFS), whose locks and syncs can't be relied on" on stderr
      And it says "Choose a local --data-dir" on stderr
      And ".experiment/ledger/ledger.json" does not exist

  Rule: A clock that jumps back is an anomaly, and the order of rows stays

    Example: The next row is written an hour before the last
      Given the ledger of a run
      And a feature was added when the clock was an hour ahead
      When I run "experiment backlog ready late"
      Then it ends with exit code 0
      And one row of "anomalies" has:
        | kind | clock-went-back |

  Rule: Rows of a later version are shown, never dropped

    Example: A row of another major version
      Given the ledger of a run
      And a later version has added to "windows":
        """
        {"record": "moon_phase", "schema_version": "2.0", "shape": "new"}
        """
      When I run "experiment report --json"
      Then it ends with exit code 0
      And it prints "moon_phase"
      And the ledger is unchanged

    Example: A record that this version does not know
      Given the ledger of a run
      And a later version has added to "churn":
        """
        {"record": "moon_phase", "schema_version": "1.7", "phase": "waning"}
        """
      When I run "experiment ledger verify"
      Then it ends with exit code 0
      And the ledger is unchanged
