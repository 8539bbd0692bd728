Feature: A cache that forgets the least recently used entry, held out

  Rule: Every use counts, and only uses do

    Scenario: A long run of uses keeps the order right
      Given a cache for 3 entries
      And "a, b, c" are stored in turn
      When "a" is read
      And "d" is stored as 4
      And "c" is read
      And "e" is stored as 5
      Then the keys from least to most recently used are "d, c, e"

    Scenario: A miss changes nothing
      Given a cache for 2 entries
      And "a, b" are stored in turn
      When "z" is read
      Then the keys from least to most recently used are "a, b"
      And the cache holds 2 entries

    Scenario: Nothing can be stored as a value
      Given a cache for 2 entries
      When "a" is stored as nothing
      And "b" is stored as 2
      And "a" is read
      Then the keys from least to most recently used are "b, a"

    Scenario: A cache for one entry keeps the newest
      Given a cache for 1 entry
      When "a, b" are stored in turn
      Then the keys from least to most recently used are "b"
      And the cache has forgotten "a"

  Rule: Deleting says whether there was something to delete

    Scenario: The second deletion finds nothing
      Given a cache for 2 entries
      And "a, b" are stored in turn
      When "a" is deleted
      Then deleting "a" finds nothing
      But deleting "b" finds something

  Rule: A capacity is a whole number

    Scenario: A fraction as capacity is refused
      When a cache for 1.5 entries is asked for
      Then it is refused with a RangeError
      But a cache for 2 entries is made
