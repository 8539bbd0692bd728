Feature: Looks
  Gates look again and again; every look is on record, and the same data are looked at once.

  Rule: A look is recorded after every pair that is resolved in schedule order

    Example: One look a pair
      When a session of 4 pairs has a candidate that is 3 times cheaper
      Then the looks count 1, 2, 3, 4 pairs
      And every look has a decision after it with the hash of the gate file

    Example: A session that goes on looks only at what is new
      Given a session of 4 pairs has had a candidate that is 3 times cheaper
      When the session goes on
      Then the looks count 1, 2, 3, 4 pairs

    Example: Showing is not looking
      Given a session of 4 pairs has had a candidate that is 3 times cheaper
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints "after 4 looks, 4 pairs"
      And the looks count 1, 2, 3, 4 pairs

  Rule: The report says what the gates decided, and by which thresholds

    Example: After a session
      Given a session of 4 pairs has had a candidate that is 3 times cheaper
      When I run "experiment report --json"
      Then it ends with exit code 0
      And the JSON's "gate.verdict" is "stay lean"
      And the JSON's "gate.gates.is_amended" is "false"
