Feature: Order checks that are rules of a schema, held out

  Scenario: Each rule of an order has its limit
    Given a right order
    Then these changes have these faults:
      | FIELD          | VALUE                  | FAULT                                              |
      | customer.name  | 5                      | customer.name: must be a text                      |
      | customer.name  | 41 letters             | customer.name: length must be at most 40           |
      | customer.name  | 40 letters             |                                                    |
      | customer.email | "a@b"                  | customer.email: is no e-mail address               |
      | customer.email | "a@b.c d"              | customer.email: is no e-mail address               |
      | customer.email | " a@b.cd"              | customer.email: is no e-mail address               |
      | customer.email | "a@b.cd"               |                                                    |
      | customer.email | 7                      | customer.email: is no e-mail address               |
      | customer.email | null                   | customer.email: is missing                         |
      | customer       | "Ada"                  | customer: must be an object                        |
      | delivery       | null                   | delivery: is missing                               |
      | note           | 41 letters             | note: length must be at most 40                    |
      | note           | ""                     |                                                    |
      | note           | "two\\nlines"          |                                                    |
      | items          | []                     | items: length must be at least 1                   |
      | items          | {}                     | items: must be a list                              |
      | items[0].sku   | "AB-1000"              | items[0].sku: is no article number                 |
      | items[0].sku   | "xAB-100"              | items[0].sku: is no article number                 |
      | items[0].count | 99                     |                                                    |
      | items[0].count | 100                    | items[0].count: must be at most 99                 |
      | items[0].count | 1.5                    | items[0].count: must be a whole number             |
      | items[0].count | "1"                    | items[0].count: must be a number                   |
      | address        | ""                     | address: length must be at least 1                 |

  Scenario: A courier needs an address, and takes one
    Given a right order, but `delivery` is `"courier"` and `address` is `"1 Hill Road"`
    Then it has no faults
    But with `address` as `null` it has the faults "address: is missing"

  Scenario: An order may have five articles
    Given a right order with 5 articles
    Then it has no faults
    But with 6 articles it has the faults "items: length must be at most 5"

  Scenario: A list of the wrong length has its entries checked too
    Given the schema `{"type": "list", "min": 2, "max": 3, "of": {"type": "number"}}`
    Then `["a"]` has the faults ": length must be at least 2; [0]: must be a number"
    And `[1, 2, 3, 4]` has the faults ": length must be at most 3"
    But `[1, 2]` has no faults
    And `[1, 2, 3]` has no faults

  Scenario: A text has a length, a pattern and choices, in this order
    Given the schema `{"type": "text", "min": 2, "max": 3, "pattern": "a*|b*", "oneOf": ["aa", "aaa", "bb"]}`
    Then `["aa", 1]` has the faults ": must be a text"
    And `"c"` has the faults ": length must be at least 2"
    And `"aaaa"` has the faults ": length must be at most 3"
    And `"ab"` has the faults ": must match a*|b*"
    And `"bbb"` has the faults ": must be one of aa, aaa, bb"
    But `"aaa"` has no faults
    And `"bb"` has no faults

  Scenario: Only finite numbers are numbers
    Given the schema `{"type": "number", "min": -1, "max": 0}`
    Then the numbers NaN and Infinity have the faults ": must be a number"
    And `-1.5` has the faults ": must be at least -1"
    And `0.5` has the faults ": must be at most 0"
    But `-0.5` has no faults
    And `0` has no faults

  Scenario: Nothing is missing unless it is optional
    Given the schema `{"type": "list", "of": {"type": "text", "optional": true}}`
    Then `["a", null]` has no faults
    But `null` has the faults ": is missing"
    And `[7]` has the faults "[0]: must be a text"

  Scenario: Only own fields count
    Given the schema `{"type": "object", "fields": {"toString": {"type": "text"}}}`
    Then `{}` has the faults "toString: is missing"
    And `{"toString": "a", "valueOf": 1}` has the faults "valueOf: is unknown"
    And `[]` has the faults ": must be an object"
    But `{"toString": "a"}` has no faults

  Scenario: A field may be needed if another one has a value
    Given the schema `{"type": "object", "fields": {"a": {"type": "number", "neededIf": {"field": "b", "is": 0}}, "b": {"type": "number"}}}`
    Then `{"b": 0}` has the faults "a: is missing"
    And `{"b": 1, "a": "x"}` has the faults "a: must be a number"
    But `{"b": 1}` has no faults
    And `{"b": 0, "a": 1}` has no faults

  Scenario: Own words replace every message but that of a missing value
    Given the schema `{"type": "object", "message": "is odd", "fields": {"a": {"type": "text", "min": 2, "message": "is no name"}}}`
    Then `{"a": 1}` has the faults "a: is no name"
    And `{"a": "x"}` has the faults "a: is no name"
    And `{}` has the faults "a: is missing"
    And `{"a": "xx", "b": 1}` has the faults "b: is unknown"
    And `1` has the faults ": is odd"
    But `{"a": "xx"}` has no faults

  Scenario: Each repeat names its first place
    Given the schema `{"type": "list", "unique": "id", "of": {"type": "object", "fields": {"id": {"type": "number", "optional": true}}}}`
    Then `[{"id": 1}, {"id": 2}, {"id": 1}, {"id": 2}, {"id": 1}]` has the faults "[2].id: repeats [0].id; [3].id: repeats [1].id; [4].id: repeats [0].id"
    And `[{"id": "1"}, {"id": 1}, {"id": "1"}]` has the faults "[0].id: must be a number; [2].id: must be a number; [2].id: repeats [0].id"
    And `[3, null, {"id": 4}]` has the faults "[0]: must be an object; [1]: is missing"
    But `[{}, {}, {"id": null}, {"id": null}]` has no faults

  Scenario: The faults of an entry come before those of the next
    Given the schema `{"type": "list", "unique": "id", "of": {"type": "object", "fields": {"id": {"type": "text"}, "n": {"type": "number"}}}}`
    Then `[{"id": "a"}, {"id": "a", "x": 1}, {"id": "b"}]` has the faults "[0].n: is missing; [1].n: is missing; [1].x: is unknown; [1].id: repeats [0].id; [2].n: is missing"
