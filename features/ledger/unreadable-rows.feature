Feature: Rows that can't be read
  No figure uses a row that violates its schema or comes from a later version. Such rows are counted
  separately, and stay unchanged in the ledger.

  Background:
    Given the ledger of a run

  Rule: Rows outside the figures are counted and named

    Example: A row that violates its schema
      Given a later version has added to "windows":
        """
        {"record": "window_finalized", "schema_version": "1.0", "window": "W0-01"}
        """
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints "Unreadable rows: 1 (window_finalized 1)"
      And it prints "Windows: 2 of 2 done"
      And the ledger is unchanged

    Scenario Outline: A <RECORD> row of a driven window
      Given a later version has added to "<FILE>":
        """
        {"record": "<RECORD>", "schema_version": "1.0", "window": "W0-01", "provider": "first"}
        """
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints "Unreadable rows: 1 (<RECORD> 1)"
      And the ledger is unchanged

      Examples:
        | FILE            | RECORD                |
        | snapshots       | snapshot_taken        |
        | churn           | churn_measured        |
        | proxy_telemetry | window_traffic_summed |

    Example: Rows of another major version
      Given a later version has added to "windows":
        """
        {"record": "window_finalized", "schema_version": "2.0", "shape": "new"}
        """
      And a later version has added to "churn":
        """
        {"record": "moon_phase", "schema_version": "3.1", "phase": "waning"}
        """
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints "Unreadable rows: 2 (moon_phase of schema 3.1 1, window_finalized of schema 2.0 1)"

    Example: A record that this version does not know
      Given a later version has added to "churn":
        """
        {"record": "moon_phase", "schema_version": "1.7", "phase": "waning"}
        """
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints "Unknown records: 1 (moon_phase 1), kept and in no figure"
      And it does not print "Unreadable rows"
      And the ledger is unchanged

    Example: The report counts them too
      Given a later version has added to "churn":
        """
        {"record": "moon_phase", "schema_version": "1.7", "phase": "waning"}
        """
      When I run "experiment report"
      Then it ends with exit code 0
      And the report says "Rows of records that this version does not know are kept and enter no figure:"

  Rule: Each row is named by its file and place, and affected figures are marked

    Example: A row of a window
      Given a later version has added to "windows":
        """
        {"record": "window_finalized", "schema_version": "2.0", "window": "W0-01", "shape": "new"}
        """
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints "windows.jsonl, seq 5: window_finalized has schema 2.0, which another version of counterbalance reads. It enters no figure. †1"
      And the preview's lines carry these marks:
        | LINE      | MARKS |
        | Outcomes: | †1    |
        | first 0   |       |
        | second 0  | †1    |
      And the ledger is unchanged

    Example: A row without a window
      Given a later version has added to "windows":
        """
        {"record": "window_finalized", "schema_version": "1.0"}
        """
      When I run "experiment preview"
      Then it prints "windows.jsonl, seq 5: window_finalized does not keep its schema 1.0. It enters no figure. †1"
      And the preview's lines carry these marks:
        | LINE      | MARKS |
        | Outcomes: | †1    |
        | first 0   | †1    |
        | second 0  | †1    |

    Example: In the report
      Given a later version has added to "windows":
        """
        {"record": "window_finalized", "schema_version": "2.0", "window": "W0-01", "shape": "new"}
        """
      When I run "experiment report"
      Then it ends with exit code 0
      And the report says "windows.jsonl, seq 5: window_finalized has schema 2.0"
      And no figure in the report's rows of "W0-02" and "first" is marked with "†"

  Rule: A row that violates its schema can be undone, by the id in the report

    Example: After the undo it marks no figure
      Given a later version has added to "windows":
        """
        {"record": "window_finalized", "schema_version": "1.0", "window": "W0-01"}
        """
      And the last row of "windows" was undone
      When I run "experiment preview"
      Then it ends with exit code 0
      And the preview's lines carry these marks:
        | LINE      | MARKS |
        | Outcomes: |       |
        | second 0  |       |

    Example: Without a window, after the undo, it marks no figure of its file
      Given a later version has added to "windows":
        """
        {"record": "window_finalized", "schema_version": "1.0"}
        """
      And the last row of "windows" was undone
      When I run "experiment preview"
      Then it ends with exit code 0
      And the preview's lines carry these marks:
        | LINE      | MARKS |
        | Outcomes: |       |
        | second 0  |       |

    Example: After the undo it no longer prevents a decision
      Given a later version has added to "windows":
        """
        {"record": "window_finalized", "schema_version": "1.0", "window": "W0-01"}
        """
      And the last row of "windows" was undone
      When I run "experiment gate"
      Then it ends with exit code 10
      And it does not say "that can't" on stderr

    Example: It stays in the ledger
      Given a later version has added to "proxy_telemetry":
        """
        {"record": "request_proxied", "schema_version": "1.0", "window": "W0-01"}
        """
      When I undo the last row of "proxy_telemetry"
      Then it ends with exit code 0
      And it prints "Undone: the request_proxied in proxy_telemetry.jsonl, seq 5, which can't be read (row"
      And the existing files are unchanged
      And the ledger is verified as whole

    Example: One that was undone before
      Given a later version has added to "windows":
        """
        {"record": "window_finalized", "schema_version": "1.0", "window": "W0-01"}
        """
      And the last row of "windows" was undone
      When I undo the last but one row of "windows"
      Then it ends with exit code 3
      And it says "expected a row that counts, got one that was undone or corrected before" on stderr
      And the ledger is unchanged

    Scenario Outline: <WHAT> can't be undone by this version
      Given a later version has added to "<FILE>":
        """
        {"record": "<RECORD>", "schema_version": "<SCHEMA>"}
        """
      When I undo the last row of "<FILE>"
      Then it ends with exit code 3
      And it says "<TOLD>" on stderr
      And it says "Nothing was written." on stderr
      And the ledger is unchanged

      Examples:
        | WHAT                           | FILE      | RECORD           | SCHEMA | TOLD                                                                         |
        | A row of another major version | windows   | window_finalized | 2.0    | windows.jsonl, seq 5: window_finalized has schema 2.0, which another version |
        | An anomaly                     | anomalies | anomaly_recorded | 1.0    | an anomaly never disappears                                                  |
        | A row of the backlog           | backlog   | feature_ready    | 1.0    | feature_ready does not keep its schema 1.0. It enters no figure.             |

  Rule: A version that is not a text is another version

    Example: In the preview
      Given a later version has added to "windows":
        """
        {"record": "window_finalized", "schema_version": 1}
        """
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints "Unreadable rows: 1 (window_finalized of schema 1 1)"

    Example: Verified in full
      Given a later version has added to "windows":
        """
        {"record": "window_finalized", "schema_version": 1}
        """
      When I run "experiment ledger verify --full"
      Then it ends with exit code 0
      And it prints "window_finalized, has schema 1, which this program can't read"

  Rule: Readable rows are not counted there

    Example: An unknown field
      Given a later version has added to "churn":
        """
        {"record": "churn_measured", "schema_version": "1.7", "window": "W0-01", "attempt": 1, "provider": "first", "feature_id": "lru-cache", "replicate": 1, "period": 1, "experiment_id": "0123456789ab", "commit_start": "1a2b3c4", "commit_end": "5d6e7f8", "churn": {"files_changed": 1, "insertions": 1, "deletions": 0}, "mood": "good"}
        """
      When I run "experiment ledger query SELECT\ mood\ FROM\ churn_measured"
      Then it ends with exit code 0
      And it prints "good"
      And the ledger is unchanged

    Example: Without unreadable rows there is no remark
      When I run "experiment preview"
      Then it ends with exit code 0
      And it does not print "Unreadable rows"
      And it does not print "Unknown records"
