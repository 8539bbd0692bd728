Feature: A cache that forgets the least recently used entry
  A cache keeps a bounded number of entries under text keys. When it is full,
  it makes room by forgetting the entry that nobody has used for the longest time.

  Background:
    Given a cache for 2 entries

  Scenario: A stored value is read back
    When "a" is stored as 1
    Then reading "a" gives 1

  Scenario: A key that was never stored gives nothing
    When "a" is stored as 1
    Then reading "a" gives 1
    And reading "b" gives nothing

  Scenario: Storing a key again replaces its value
    When "a" is stored as 1
    And "a" is stored as 2
    Then reading "a" gives 2
    And the cache holds 1 entry

  Scenario: A deleted entry is gone and makes room
    Given "a, b" are stored in turn
    When "a" is deleted
    And "c" is stored as 3
    Then the keys from least to most recently used are "b, c"

  Scenario: A capacity below one is refused
    When a cache for 0 entries is asked for
    Then it is refused with a RangeError
    But a cache for 1 entry is made

  Rule: A full cache forgets the entry that was used least recently

    Background:
      Given "a, b" are stored in turn

    Scenario: The oldest entry makes room
      When "c" is stored as 3
      Then the cache holds 2 entries
      And the cache has forgotten "a"

    Scenario: Reading an entry counts as using it
      When "a" is read
      And "c" is stored as 3
      Then the cache has forgotten "b"
      And reading "a" gives 1

    Scenario: Replacing an entry counts as using it
      When "a" is stored as 9
      And "c" is stored as 3
      Then the cache has forgotten "b"
      And reading "a" gives 9

    Scenario: Asking whether a key is there does not count as using it
      When the cache is asked whether it has "a"
      And "c" is stored as 3
      Then the cache has forgotten "a"
