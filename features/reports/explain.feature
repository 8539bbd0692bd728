Feature: Every figure leads to its rows
  A reader who doubts a figure of the preview asks for the rows that it is made from, and finds them in the
  ledger by their ids.

  Background:
    Given a finished experiment of two windows

  Scenario Outline: preview --explain <FIGURE>
    When I run "experiment preview --explain <FIGURE> --json"
    Then it ends with exit code 0
    And it names rows of "<FILE>", and each is in the ledger

    Examples:
      | FIGURE  | FILE            |
      | windows | windows         |
      | cost    | windows         |
      | quality | windows         |
      | tokens  | windows         |
      | churn   | windows         |
      | p95     | proxy_telemetry |

  Scenario: A figure without rows says so
    When I run "experiment preview --explain errors"
    Then it ends with exit code 0
    And it prints "No row enters it."

  Scenario: An unknown figure
    When I run "experiment preview --explain costs"
    Then it ends with exit code 2
    And it says "cost" on stderr

  Scenario: On a terminal of 80 columns every id can be read
    When I run "experiment preview --explain cost"
    Then it prints "Window"
    And it prints the id of each final row
