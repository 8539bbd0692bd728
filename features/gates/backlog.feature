Feature: The backlog
  A seat is only worth its price if work waits for it. The second gate counts the waiting features.

  Rule: Only ready features that are blocked by capacity alone count

    Example: A ready feature that waits for capacity
      Given "experiment backlog ready search" has been run
      When I run "experiment backlog block search --by capacity"
      Then it ends with exit code 0
      And it prints "Ready and blocked by capacity alone: 1"
      And the ledger has 2 rows of "backlog"

    Scenario Outline: <WHAT>
      Given "experiment backlog <FIRST>" has been run
      And "experiment backlog <SECOND>" has been run
      When I run "experiment backlog <THIRD>"
      Then it ends with exit code 0
      And it prints "Ready and blocked by capacity alone: 0"

      Examples:
        | WHAT                     | FIRST        | SECOND                     | THIRD                     |
        | It waits for tools too   | ready search | block search --by capacity | block search --by tooling |
        | It is unblocked          | ready search | block search --by capacity | unblock search            |
        | It waits only for docs   | ready search | block search --by docs     | list                      |

    Example: A blocked feature that was never ready
      When I run "experiment backlog block search --by capacity"
      Then it ends with exit code 0
      And it prints "Ready and blocked by capacity alone: 0"

  Rule: Preview and report count the backlog of now, as the gate does

    Scenario Outline: <COMMAND>, without a run of the gate
      Given a session of 14 pairs, in which:
        | cheap | is 3 times cheaper |
      And 2 features wait for capacity alone
      When I run "experiment <COMMAND> --json"
      Then it ends with exit code 0
      And the JSON has:
        | gate.candidates.0.gates.g2 | true   |
        | gate.backlog_ready_blocked | 2      |
        | gate.verdict               | expand |

      Examples:
        | COMMAND |
        | preview |
        | report  |

    Example: What no longer waits closes it again
      Given a session of 14 pairs, in which:
        | cheap | is 3 times cheaper |
      And 2 features wait for capacity alone
      And "experiment gate" has been run
      And "experiment backlog unblock feature-1" has been run
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints "G2, real need: does not hold"

  Rule: A mistake is refused and changes nothing

    Scenario Outline: <COMMAND>
      Given "experiment backlog ready search" has been run
      When I run "experiment backlog <COMMAND>"
      Then it ends with exit code 2
      And it says '<SAYS>' on stderr
      And the ledger has 1 row of "backlog"

      Examples:
        | COMMAND                 | SAYS                                                                                      |
        | block search --by money | Allowed choices are capacity, tooling, docs.                                              |
        | unblock serach          | expected a feature of the backlog, got "serach". Did you mean "search"? It holds: search. |
        | ready a/b               | expected the name of a feature in letters, digits, dots, dashes and underscores           |
