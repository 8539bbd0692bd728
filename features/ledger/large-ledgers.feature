@slow
Feature: A large ledger is counted once
  A ledger of more than 32 MiB takes seconds to count. A run, a preview or a report keeps what it has
  counted in the user's cache folder, and the next one starts from there. Every row is still checked. A key
  that only the user can read signs these figures, so that other users can't change them.

  Background:
    Given a ledger of more than 32 MiB
    And what "experiment preview" prints

  Scenario: The next preview shows the same
    When I run "experiment preview"
    Then it prints the same as before
    And the cache holds the fold, the sums and the report

  Scenario: A run leaves its count to the report
    Given a slow experiment of two windows
    And ".cache/counterbalance" is removed
    When I run "experiment run"
    Then it ends with exit code 0
    And the cache holds the fold and the sums

  Scenario: A row that was added since then counts
    Given a request of 1,000,000 tokens was added to the ledger
    When I run "experiment preview --json"
    Then it counts the request, as a preview without the cache does

  Scenario Outline: experiment <COMMAND> refuses a row that was changed since then
    Given the file "proxy_telemetry.jsonl" has "a flipped bit in its first row"
    When I run "experiment <COMMAND>"
    Then it ends with exit code 6

    Examples:
      | COMMAND |
      | preview |
      | report  |

  Scenario: A cache that was changed is not believed
    Given a byte of each file in the cache was changed
    When I run "experiment preview"
    Then it prints the same as before

  Scenario Outline: A cost ratio that somebody without the key put into the <CACHE> is not believed
    Given somebody without the user's key put another cost ratio into the <CACHE>
    When I run "experiment preview"
    Then it prints the same as before

    Examples:
      | CACHE  |
      | report |
      | fold   |

  Scenario: Without the key nothing is believed, and nothing fails
    Given ".local" is removed
    And a file ".local" of ""
    And somebody without the user's key put another cost ratio into the report
    When I run "experiment preview"
    Then it prints the same as before

  Scenario Outline: experiment <COMMAND> reads no cache
    Given each cache holds nonsense that is signed with the user's own key
    When I run "experiment <COMMAND>"
    Then it ends with exit code <CODE>

    Examples: Those that only show a figure fail on it
      | COMMAND | CODE |
      | preview | 1    |

    Examples: Those that decide or check
      | COMMAND                   | CODE |
      | gate                | 5    |
      | audit --window W0-01      | 0    |
      | ledger verify             | 0    |
      | ledger checkpoint         | 0    |
