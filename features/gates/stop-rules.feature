Feature: Stop rules
  An arm that cannot come to anything, or cannot be trusted, gets no more windows.

  Rule: The operator's own rule halts what it names

    Example: A run spends more than it should
      Given a small experiment
      When I run "experiment run --stop-when tokens>1"
      Then it ends with exit code 5
      And it says "is halted (operator: tokens>1)" on stderr
      And the ledger's "decisions" has a row "arm_halted"
      And 1 window is final

    Example: A candidate errs too often
      When a session of 6 pairs under the rule "errors>0.1" has a candidate that errs often
      Then the session ends halted
      And "cheap" has fewer windows than there are pairs
      And the last halt says that "cheap" is released by "Resume without --stop-when 'errors>0.1'"

    Example: The rule is lifted
      Given a session of 6 pairs under the rule "tokens>20000" has had a candidate that is 3 times cheaper
      When the session goes on without the rule
      Then the session ends complete
      And the ledger's "decisions" has a row "arm_released"

    Scenario Outline: A rule that is none: <RULE>
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

  Rule: A spent budget ends the session too, and is no halt

    Example: The budget has no room
      Given a small experiment
      When I run "experiment run --overall-token-budget 5000 --command-budget /implement=3000"
      Then it ends with exit code 4
      And it says "Stopped by a budget:" on stderr
      And the ledger's "decisions" has 0 rows

    Example: A rule halts what the budget would still have paid
      Given a small experiment
      When I run "experiment run --stop-when tokens>1 --overall-token-budget 400000"
      Then it ends with exit code 5
      And it says "is halted (operator: tokens>1)" on stderr
      And the ledger's "decisions" has a row "arm_halted"

    Example: More budget goes on where it ended, with nothing to release
      Given a small experiment
      And it has been run with "--overall-token-budget 5000 --command-budget /implement=3000"
      When I run "experiment run --resume --overall-token-budget 400000 --command-budget /implement=unlimited"
      Then it ends with exit code 0
      And no arm was halted or released

  Rule: Data that contradict the candidate at two looks in a row halt it

    Example: It is dearer
      When a session of 30 pairs has a candidate that is 0.8 times cheaper
      Then the session ends halted
      And the last halt names the rule "cost_contradicted"

    Example: It errs more often
      When a session of 12 pairs has a candidate that errs often
      Then the session ends halted
      And the last halt names the rule "errors_contradicted"
      And "cheap" has fewer windows than there are pairs

    Example: It is cheaper, if not by as much as is asked
      When a session of 4 pairs has a candidate that is 1.9 times cheaper
      Then the session ends complete

  Rule: A meter that keeps going backwards halts its arm, and the others go on

    Example: One of two candidates
      When a session of 5 pairs has a second candidate whose meter goes backwards
      Then the session ends halted
      And "cheap" has as many windows as there are pairs
      And "broken" has fewer windows than there are pairs

    Example: The report says why, and what would release it
      Given a session of 5 pairs has had a candidate whose meter goes backwards
      When I run "experiment report"
      Then it ends with exit code 0
      And the report says "- Halted: cheap (negative_delta)."
      And the report says "To release it: Find out what resets the meter, undo the anomalies that were none, and resume."

    Example: The gate is shut for a halted arm
      Given a session of 5 pairs has had a candidate whose meter goes backwards
      When I run "experiment gate"
      Then it ends with exit code 5
      And it prints "HALTED"
      And it prints "To release it: Find out what resets the meter"

  Rule: Data that cannot be trusted halt the whole experiment

    Example: Windows go missing in one order alone
      When a session of 30 pairs has a candidate that does nothing whenever it comes first
      Then the session ends halted
      And the last halt names the rule "srm"
      And the last halt concerns the whole experiment
      And "base" has fewer windows than there are pairs

    Example: The gate of such an experiment
      Given a session of 30 pairs has had a candidate that does nothing whenever it comes first
      When I run "experiment gate"
      Then it ends with exit code 5
      And it prints "Halted: the experiment (srm)"
      And it prints "- srm: The orders occur in another ratio than assigned."

    Example: A pair was run in another order than assigned
      Given a session of 4 pairs has had a candidate that is 3 times cheaper
      And the windows of its first pair turn out to have been run in the other order
      When the session goes on
      Then the session ends halted
      And the last halt names the rule "protocol_violation"
      And the last halt concerns the whole experiment

    Example: A few missing windows are no alarm
      When a session of 8 pairs has a candidate that does nothing whenever it comes first
      Then the session ends complete

  Rule: An arm whose interval is not finite is halted

    Example: Costs that nothing can be said of
      Given a session of 4 pairs has had a candidate that is 3 times cheaper
      And the costs of its candidate turn out to be beyond all bounds
      When the session goes on
      Then the session ends halted
      And the last halt names the rule "interval_not_finite"
      And the last halt says that "cheap" is released by "Correct or undo the windows whose costs are impossible, and resume."
