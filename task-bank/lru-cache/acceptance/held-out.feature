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

    Scenario: Replacing an entry of a full cache forgets nothing
      Given a cache for 2 entries
      And "a, b" are stored in turn
      When "b" is stored as 9
      Then the keys from least to most recently used are "a, b"
      And the cache holds 2 entries

    Scenario: A cache for one entry keeps the newest
      Given a cache for 1 entry
      When "a, b" are stored in turn
      Then the keys from least to most recently used are "b"
      And the cache has forgotten "a"

  Rule: A stored value can be read back

    Scenario: An empty cache holds nothing
      Given a cache for 2 entries
      Then the cache holds 0 entries
      And it has no keys
      And reading "a" gives nothing

    Scenario: Every value is kept as it is
      Given a cache for 9 entries
      Then these values can be stored and read back:
        | 0            |
        | false        |
        | ""           |
        | null         |
        | "a text"     |
        | [1, [2]]     |
        | {"a": {}}    |

    Scenario: Nothing can be stored as a value
      Given a cache for 2 entries
      When "a" is stored as nothing
      And "b" is stored as 2
      And "a" is read
      Then the keys from least to most recently used are "b, a"
      And the cache is asked whether it has "a"
      And deleting "a" finds something

    Scenario: Every text is a key
      Given a cache for 6 entries
      And it knows none of "__proto__, constructor, toString, 10, 9, x"
      When "x, 10, __proto__, 9, constructor, toString" are stored in turn
      And "x" is read
      Then the keys from least to most recently used are "10, __proto__, 9, constructor, toString, x"
      And reading "__proto__" gives 3

    Scenario: Two caches share nothing
      Given a cache for 2 entries
      And "a, b" are stored in turn
      When another cache for 1 entry takes "c"
      Then the keys from least to most recently used are "a, b"

  Rule: Deleting says whether there was something to delete

    Scenario: The second deletion finds nothing
      Given a cache for 2 entries
      And "a, b" are stored in turn
      When "a" is deleted
      Then deleting "a" finds nothing
      And the cache holds 1 entry
      But deleting "b" finds something
      And the cache holds 0 entries

    Scenario: A deleted entry leaves no trace
      Given a cache for 2 entries
      And "a, b" are stored in turn
      When "a" is deleted
      And "c, d" are stored in turn
      Then the keys from least to most recently used are "c, d"
      And the cache holds 2 entries
      And reading "a" gives nothing

  Rule: A capacity is a whole number

    Scenario: Everything but a whole number from one is refused
      Then none of these capacities is accepted:
        | -1        |
        | 0.5       |
        | 1.5       |
        | NaN       |
        | Infinity  |
      But a cache for 2 entries is made
