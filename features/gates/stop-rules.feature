Feature: Stop rules
  An arm that can't succeed or can't be trusted gets no more windows.

  Rule: The operator's own rule halts the arm that it names

    Example: A run spends more than it should
      Given a small experiment
      When I run "experiment run --stop-when tokens>1"
      Then it ends with exit code 5
      And it says "is halted (operator: tokens>1)" on stderr
      And the ledger has rows of "arm_halted"
      And the ledger has 1 row of "window_finalized"

    Example: A candidate has too many errors
      When a session of 6 pairs is worked, in which:
        | the rule | is errors>0.1 |
        | cheap | is 3 times cheaper |
        | cheap | has many errors |
      Then the session ends halted
      And "cheap" has fewer windows than there are pairs
      And the last row of "arm_halted" has:
        | provider | cheap                                     |
        | release  | …Resume without --stop-when 'errors>0.1'… |

    @spawn @slow
    Example: Every answer breaks off after status 200
      Given a model server that breaks off every answer
      And a "claude" on the PATH that asks the model and exits with 1
      And an experiment of "lru-cache" where "claude-code" on that server goes first and "builtin-agent" second
      When I run "experiment run --stop-when errors>0.5"
      Then it ends with exit code 5
      And it says "claude-code is halted (operator: errors>0.5)" on stderr
      And the ledger has rows of "arm_halted"

    Example: The rule is lifted
      Given a session of 6 pairs, in which:
        | the rule | is tokens>20000 |
        | cheap | is 3 times cheaper |
      When the session continues without the rule
      Then the session ends complete
      And the ledger has rows of "arm_released"

    Scenario Outline: An invalid rule: <RULE>
      Given a small experiment
      When I run "experiment run --stop-when <RULE>"
      Then it ends with exit code 2
      And it says '<SAYS>' on stderr
      And nothing is written

      Examples:
        | RULE        | SAYS                                                                  |
        | colour>1    | --stop-when: expected a metric (errors, quality, tokens, cost_usd)    |
        | errors=0.1  | --stop-when: expected a metric (errors, quality, tokens, cost_usd)    |
        | cost_usd>50 | expected every provider to have a price for "cost_usd>50"             |

  Rule: A spent budget also ends the session, but is not a halt

    Example: The budget has no room
      Given a small experiment
      When I run "experiment run --overall-token-budget 5000 --command-budget /implement=3000"
      Then it ends with exit code 4
      And it says "Stopped by a budget:" on stderr
      And the ledger has 0 rows of "decisions"

    Example: A rule halts an arm although the budget has room
      Given a small experiment
      When I run "experiment run --stop-when tokens>1 --overall-token-budget 400000"
      Then it ends with exit code 5
      And it says "is halted (operator: tokens>1)" on stderr
      And the ledger has rows of "arm_halted"

    Example: A higher budget continues, with nothing to release
      Given a small experiment
      And it has been run with "--overall-token-budget 5000 --command-budget /implement=3000"
      When I run "experiment run --resume --overall-token-budget 400000 --command-budget /implement=unlimited"
      Then it ends with exit code 0
      And every row of "decisions" has:
        | record | decision_made |

  Rule: Data that contradict the candidate at two looks in a row halt it

    Example: It is dearer
      When a session of 30 pairs is worked, in which:
        | cheap | is 0.8 times cheaper |
      Then the session ends halted
      And the last row of "arm_halted" has:
        | rule | cost_contradicted |

    Example: It has more errors
      When a session of 12 pairs is worked, in which:
        | cheap | is 3 times cheaper |
        | cheap | has many errors |
      Then the session ends halted
      And the last row of "arm_halted" has:
        | rule | errors_contradicted |
      And "cheap" has fewer windows than there are pairs

    Example: It is cheaper, but less than the target
      When a session of 4 pairs is worked, in which:
        | cheap | is 1.9 times cheaper |
      Then the session ends complete

  Rule: A meter that keeps going backwards halts its arm, and the other arms continue

    Example: One of two candidates
      When a session of 5 pairs is worked, in which:
        | cheap | is 3 times cheaper |
        | broken | is 3 times cheaper |
        | broken | has a meter that goes backwards |
      Then the session ends halted
      And "cheap" has as many windows as there are pairs
      And "broken" has fewer windows than there are pairs

    Example: The report says why, and what would release it
      Given a session of 5 pairs, in which:
        | cheap | is 3 times cheaper |
        | cheap | has a meter that goes backwards |
      When I run "experiment report"
      Then it ends with exit code 0
      And the report says "- Halted: cheap (negative_delta)."
      And the report says "To release it: Find out what resets the meter, undo the anomalies that were wrong, and resume."

    Example: The gate is shut for a halted arm
      Given a session of 5 pairs, in which:
        | cheap | is 3 times cheaper |
        | cheap | has a meter that goes backwards |
      When I run "experiment gate"
      Then it ends with exit code 5
      And it prints "HALTED"
      And it prints "To release it: Find out what resets the meter"

  Rule: The gate finds the stops in the data, so a halt that was never written changes nothing

    Background:
      Given a session of 14 pairs, in which:
        | cheap | is 3 times cheaper |
      And 2 features wait for capacity alone

    Example: A meter went backwards in two windows, and the ledger ends before the halt
      Given the meter of "cheap" turns out to have gone backwards in its last 2 windows
      When I run "experiment gate"
      Then it ends with exit code 5
      And it prints "Halted: cheap (negative_delta)."
      And it prints "- stopped:cheap: cheap was halted."

    Example: The condition of a session that crashed before the halt
      Given a session with the rule "tokens>1" started and crashed
      When I run "experiment gate"
      Then it ends with exit code 5
      And it prints "Halted: the experiment (operator: tokens>1)."

    Example: One window alone halts nothing
      Given the meter of "cheap" turns out to have gone backwards in its last 1 window
      When I run "experiment gate"
      Then it ends with exit code 0

  Rule: Data that can't be trusted halt the whole experiment

    Example: Windows go missing in one order alone
      When a session of 30 pairs is worked, in which:
        | cheap | is 3 times cheaper |
        | cheap | does nothing whenever it comes first |
      Then the session ends halted
      And the last row of "arm_halted" has:
        | rule     | srm  |
        | provider | null |
      And "base" has fewer windows than there are pairs

    Example: The gate of such an experiment
      Given a session of 30 pairs, in which:
        | cheap | is 3 times cheaper |
        | cheap | does nothing whenever it comes first |
      When I run "experiment gate"
      Then it ends with exit code 5
      And it prints "Halted: the experiment (srm)."
      And it prints "- srm: The orders occur in another ratio than assigned."

    Example: A pair ran in another order than assigned
      Given a session of 4 pairs, in which:
        | cheap | is 3 times cheaper |
      And the windows of its first pair turn out to have been run in the other order
      When the session continues
      Then the session ends halted
      And the last row of "arm_halted" has:
        | rule     | protocol_violation |
        | provider | null               |

    Example: A few missing windows cause no halt
      When a session of 8 pairs is worked, in which:
        | cheap | is 3 times cheaper |
        | cheap | does nothing whenever it comes first |
      Then the session ends complete

  Rule: An arm whose interval is not finite is halted

    Example: Costs without a finite interval
      Given a session of 4 pairs, in which:
        | cheap | is 3 times cheaper |
      And the costs of its candidate turn out to have no bound
      When the session continues
      Then the session ends halted
      And the last row of "arm_halted" has:
        | rule     | interval_not_finite                                                   |
        | provider | cheap                                                                 |
        | release  | …Correct or undo the windows whose costs are impossible, and resume.… |
