Feature: Looks
  Gates look again and again. Every look is on record, and the same data are looked at only once.

  Rule: A look is recorded after every pair that is resolved in schedule order

    Example: One look per pair
      When a session of 4 pairs is worked, in which:
        | cheap | is 3 times cheaper |
      Then the rows of "look_taken" are:
        | n_pairs |
        | 1       |
        | 2       |
        | 3       |
        | 4       |
      And every look has a decision after it with the hash of the gate file

    Example: A resumed session looks only at new pairs
      Given a session of 4 pairs, in which:
        | cheap | is 3 times cheaper |
      When the session continues
      Then the rows of "look_taken" are:
        | n_pairs |
        | 1       |
        | 2       |
        | 3       |
        | 4       |

    Example: A preview records no look
      Given a session of 4 pairs, in which:
        | cheap | is 3 times cheaper |
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints "after 4 looks, 4 pairs"
      And the rows of "look_taken" are:
        | n_pairs |
        | 1       |
        | 2       |
        | 3       |
        | 4       |

  Rule: The report shows the decision of the gates and its thresholds

    Example: After a session
      Given a session of 4 pairs, in which:
        | cheap | is 3 times cheaper |
      When I run "experiment report --json"
      Then it ends with exit code 0
      And the JSON has:
        | gate.verdict          | stay lean |
        | gate.gates.is_amended | false     |
