Feature: Several candidates
  Each is held against the baseline; one more candidate is not one more chance.

  Rule: At most one seat is added, whoever may expand

    Example: One of two candidates is cheap enough
      Given a session of 18 pairs has had candidates that are "alpha 1.2, beta 3" times cheaper
      And 2 features wait for capacity alone
      When I run "experiment gate"
      Then it ends with exit code 0
      And it prints "Add 1 seat: beta" once
      And it prints "alpha: halted"

    Example: Both are, and the first of the configuration is taken
      Given a session of 18 pairs has had candidates that are "alpha 3, beta 3" times cheaper
      And 2 features wait for capacity alone
      When I run "experiment gate"
      Then it ends with exit code 0
      And it prints "Add 1 seat: alpha" once
      And it does not print "Add 1 seat: beta"

    Example: The one whose sub-agents are tried comes before it
      Given a session of 18 pairs has had candidates that are "alpha 3, beta 3" times cheaper, and the sub-agents of "beta" were routed elsewhere
      And 2 features wait for capacity alone
      When I run "experiment gate"
      Then it ends with exit code 0
      And it prints "Add 1 seat: beta" once
      And it does not print "Add 1 seat: alpha"

    Example: Neither has been seen for long enough
      Given a session of 3 pairs has had candidates that are "alpha 3, beta 3" times cheaper
      And 2 features wait for capacity alone
      When I run "experiment gate"
      Then it ends with exit code 10
      And it does not print "Add 1 seat"

  Rule: Three to six providers are decided, shown and reported one by one

    Scenario Outline: <COMMAND> of six providers
      Given a session of 12 pairs has had candidates that are "b 3, c 2.9, d 2.8, e 2.7, f 2.6" times cheaper
      When I run "experiment <COMMAND>"
      Then it ends with exit code <CODE>
      And it prints each of:
        | <FIRST> |
        | <LAST>  |

      Examples:
        | COMMAND | CODE | FIRST                | LAST                 |
        | gate    | 10   | b: stay lean after   | f: stay lean after   |
        | preview | 0    | Cost ratio base ÷ b: | Cost ratio base ÷ f: |
