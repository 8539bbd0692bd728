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
      | FIGURE     | FILE            |
      | windows    | windows         |
      | cost       | windows         |
      | quality    | windows         |
      | tokens     | windows         |
      | churn      | windows         |
      | capacity   | windows         |
      | efficiency | windows         |
      | dollars    | windows         |
      | routed     | proxy_telemetry |
      | p50        | proxy_telemetry |
      | p95        | proxy_telemetry |
      | budgets    | budgets         |
      | power      | looks           |

  Scenario Outline: --window leaves only the rows of one window in <FIGURE>
    When I run "experiment preview --explain <FIGURE> --window W0-02"
    Then it ends with exit code 0
    And it prints "W0-02"
    And it does not print "W0-01"

    Examples:
      | FIGURE  |
      | tokens  |
      | routed  |
      | budgets |

  Scenario: The rows of a window that does not exist
    When I run "experiment preview --explain tokens --window NOPE"
    Then it ends with exit code 2
    And it says "expected a window of this experiment, got an unknown one. Write one of W0-01, W0-02." on stderr

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
