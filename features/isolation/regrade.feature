Feature: Grading the kept work again
  The sealed work of each graded attempt is kept as a git bundle that its row cites by its hash. It can be
  graded again at any time: to see how far the grader agrees with itself, or what a changed suite says.

  Background:
    Given a finished experiment of two windows

  @spawn @slow
  Example: The grader is repeatable
    When I run "experiment regrade --window W0-01 --times 2"
    Then it ends with exit code 0
    And it prints "2 later gradings of 1 window: 4 of 4 verdicts agree with the first (100.0 %)."
    And the ledger has 2 regradings of "W0-01" and its final row

  @spawn
  Example: The report has a line of it
    Given "experiment regrade" has ended with exit code 0
    When I run "experiment report"
    Then it ends with exit code 0
    And the report says "Repeatability: 2 later gradings of 2 windows: 4 of 4 verdicts agree with the first (100.0 %)."

  @spawn
  Example: The suite has changed since
    Given a bank "bank" with a short copy of the task "lru-cache"
    And "bank/lru-cache/acceptance/held-out.feature" ends with another line
    When I run "experiment regrade --window W0-01 --bank bank"
    Then it ends with exit code 0
    And it prints each of:
      | The task has changed since it was registered.             |
      | no verdict can be compared. 1 grading used another suite. |
    And the ledger has 1 regradings of "W0-01" and its final row

  Example: Kept work stays while a row cites it
    Given everything that was captured is two hours old
    When I run "experiment clean"
    Then it ends with exit code 0
    And the work of each window is still kept

  Example: Kept work was changed
    Given the kept work of "W0-01" was changed
    When I run "experiment regrade --window W0-01"
    Then it ends with exit code 1
    And it says "expected the sealed work with the SHA-256" on stderr
    And the ledger is unchanged

  Example: There is no such window
    When I run "experiment regrade --window W9-01"
    Then it ends with exit code 2
    And it says "Windows with kept work: W0-01, W0-02." on stderr
    And the ledger is unchanged
