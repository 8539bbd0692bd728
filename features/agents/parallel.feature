Feature: Windows that run at the same time
  Several tasks may be worked at once. A provider works one window at a time unless its entry says more,
  and the second window of a pair starts after the first is final.

  Background:
    Given a small experiment with:
      | tasks       | lru-cache, rate-limiter |
      | concurrency | 2                       |

  @slow
  Example: One window for each provider
    Given its file has:
      | providers.*.windows | nothing |
    When I run "experiment run --seed 2"
    Then it ends with exit code 0
    And no two windows of a provider ran at the same time, and no two of a task

  Example: The plan says how long the run may take
    When I run "experiment plan"
    Then it ends with exit code 0
    And it prints "Time: at most 30m, with 2 windows at a time (design.concurrency)"
