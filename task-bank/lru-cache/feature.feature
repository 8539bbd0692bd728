Feature: A cache that forgets the least recently used entry
  A cache keeps a bounded number of entries under text keys. When it is full,
  it makes room by forgetting the entry that nobody has used for the longest time.

  Rule: A stored value can be read back

    Scenario: A stored value is read back
      Given a cache for 2 entries
      When "a" is stored as 1
      Then reading "a" gives 1

    Scenario: A key that was never stored gives nothing
      Given a cache for 2 entries
      When "a" is stored as 1
      Then reading "a" gives 1
      And reading "b" gives nothing

    Scenario: Storing a key again replaces its value
      Given a cache for 2 entries
      When "a" is stored as 1
      And "a" is stored as 2
      Then reading "a" gives 2
      And the cache holds 1 entry

  Rule: A full cache forgets the entry that was used least recently

    Scenario: The oldest entry makes room
      Given a cache for 2 entries
      When "a, b, c" are stored in turn
      Then the cache holds 2 entries
      And the cache has forgotten "a"

    Scenario: Reading an entry counts as using it
      Given a cache for 2 entries
      And "a, b" are stored in turn
      When "a" is read
      And "c" is stored as 3
      Then the cache has forgotten "b"
      And reading "a" gives 1

    Scenario: Replacing an entry counts as using it
      Given a cache for 2 entries
      And "a, b" are stored in turn
      When "a" is stored as 9
      And "c" is stored as 3
      Then the cache has forgotten "b"
      And reading "a" gives 9

    Scenario: Asking whether a key is there does not count as using it
      Given a cache for 2 entries
      And "a, b" are stored in turn
      When the cache is asked whether it has "a"
      And "c" is stored as 3
      Then the cache has forgotten "a"

  Rule: Entries can be taken out

    Scenario: A deleted entry is gone and makes room
      Given a cache for 2 entries
      And "a, b" are stored in turn
      When "a" is deleted
      And "c" is stored as 3
      Then the keys from least to most recently used are "b, c"

  Rule: A cache needs room for at least one entry

    Scenario: A capacity below one is refused
      When a cache for 0 entries is asked for
      Then it is refused with a RangeError
      But a cache for 1 entry is made
