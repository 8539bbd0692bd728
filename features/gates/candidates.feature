Feature: Several candidates
  Each candidate is compared with the baseline. An additional candidate is not an additional chance.

  Rule: At most one seat is added, even if several candidates qualify

    Example: One of two candidates is cheap enough
      Given a session of 18 pairs, in which:
        | alpha | is 1.2 times cheaper |
        | beta | is 3 times cheaper |
      And 2 features wait for capacity alone
      When I run "experiment gate"
      Then it ends with exit code 0
      And it prints "Seat: add 1 for beta" once
      And it prints "alpha: halted"

    @slow
    Example: Both are, and the first in the configuration is chosen
      Given a session of 18 pairs, in which:
        | alpha | is 3 times cheaper |
        | beta | is 3 times cheaper |
      And 2 features wait for capacity alone
      When I run "experiment gate"
      Then it ends with exit code 0
      And it prints "Seat: add 1 for alpha" once
      And it does not print "Seat: add 1 for beta"

    @slow
    Example: A candidate on trial for its sub-agents has priority
      Given a session of 18 pairs, in which:
        | alpha | is 3 times cheaper |
        | beta | is 3 times cheaper |
        | beta | has its sub-agents routed elsewhere |
      And 2 features wait for capacity alone
      When I run "experiment gate"
      Then it ends with exit code 0
      And it prints "Seat: add 1 for beta" once
      And it does not print "Seat: add 1 for alpha"

    Example: Neither has enough pairs
      Given a session of 3 pairs, in which:
        | alpha | is 3 times cheaper |
        | beta | is 3 times cheaper |
      And 2 features wait for capacity alone
      When I run "experiment gate"
      Then it ends with exit code 10
      And it does not print "Seat: add 1"

  Rule: Each of three to six providers has its own decision

    @slow
    Scenario Outline: <COMMAND> of six providers
      Given a session of 12 pairs, in which:
        | b | is 3 times cheaper |
        | c | is 2.9 times cheaper |
        | d | is 2.8 times cheaper |
        | e | is 2.7 times cheaper |
        | f | is 2.6 times cheaper |
      When I run "experiment <COMMAND>"
      Then it ends with exit code <CODE>
      And it prints each of:
        | <FIRST> |
        | <LAST>  |

      Examples:
        | COMMAND | CODE | FIRST                | LAST                 |
        | gate    | 10   | b: stay lean after   | f: stay lean after   |
        | preview | 0    | Cost ratio base ÷ b  | Cost ratio base ÷ f  |

  Rule: Three or more providers also get one joint fit, with Holm's adjustment

    Example: In the preview, one line per candidate
      Given a session of 6 pairs, in which:
        | alpha | is 3 times cheaper |
        | beta | is 2.1 times cheaper |
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints "All providers in one model of task, period and provider"
      And it prints "Above 2, Holm"
      And it prints "(3 baseline first, 3 candidate first)"
      And it does not print "more than two providers"

    Example: In the report, with the figures of "analyze" for the same windows
      Given a session of 6 pairs, in which:
        | alpha | is 3 times cheaper |
        | beta | is 2.1 times cheaper |
      When I run "experiment report --json"
      Then it ends with exit code 0
      And the fit of all providers is that of "experiment analyze" on the same windows

    Example: The report has the block, and does not call longer sequences "AB"
      Given a session of 6 pairs, in which:
        | alpha | is 3 times cheaper |
        | beta | is 2.1 times cheaper |
      When I run "experiment report"
      Then it ends with exit code 0
      And the report says "### All providers together"
      And the report says "| baseline first "
      And the report does not say "Order AB"

    Example: Two providers have no such block
      Given a session of 4 pairs, in which:
        | cheap | is 3 times cheaper |
      When I run "experiment preview"
      Then it ends with exit code 0
      And it does not print "All providers in one model"
