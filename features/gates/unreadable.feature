Feature: The gate over rows that can't be read
  A row with a valid hash and unreadable content could say that the gate is shut. So the gate decides
  nothing and names the row.

  Background:
    Given a session of 14 pairs, in which:
      | cheap | is 3 times cheaper |
    And 2 features wait for capacity alone

  Rule: An unreadable row that would count prevents a decision

    Scenario Outline: <WHAT>
      Given a later version has added to "<FILE>":
        """
        <ROW>
        """
      When I run "experiment gate"
      Then it ends with exit code 6
      And it says "<TOLD>" on stderr
      And it says "experiment undo --id" on stderr
      And the ledger is unchanged

      Examples:
        | WHAT                                  | FILE    | ROW                                                                          | TOLD                                             |
        | A final row that breaks its schema    | windows | {"record": "window_finalized", "schema_version": "1.0", "window": "W0-01"}   | window_finalized does not keep its schema 1.0    |
        | A final row of another major version  | windows | {"record": "window_finalized", "schema_version": "2.0", "window": "W0-01"}   | window_finalized has schema 2.0, which another   |
        | A record unknown, of another major    | churn   | {"record": "moon_phase", "schema_version": "3.1"}                            | churn.jsonl, seq                                 |
        | A backlog row that breaks its schema  | backlog | {"record": "feature_blocked", "schema_version": "1.0", "feature_id": "b"}    | feature_blocked does not keep its schema 1.0     |
        | A backlog row of another major        | backlog | {"record": "feature_blocked", "schema_version": "2.0", "feature_id": "b"}    | backlog.jsonl, seq 5: feature_blocked has schema |

  Rule: An unreadable row that would not count does not prevent a decision

    Scenario Outline: <WHAT>
      Given a later version has added to "churn":
        """
        <ROW>
        """
      When I run "experiment gate"
      Then it ends with exit code 0
      And it prints "EXPAND"

      Examples:
        | WHAT                                       | ROW                                                                                     |
        | A record of a later minor version          | {"record": "moon_phase", "schema_version": "1.7"}                                       |
        | An unreadable row of another experiment    | {"record": "churn_measured", "schema_version": "1.0", "experiment_id": "ba9876543210"} |
