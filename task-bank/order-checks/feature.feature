Feature: Order checks that are rules of a schema
  A shop checks its orders by a long row of conditions, which stops at the first fault. The
  conditions are now to be rules of a schema, so that all faults are reported with their
  places, and other data can be checked by schemas of its own.

  Scenario: A right order has no faults
    Given a right order
    Then it has no faults
    But without `customer` it has the faults "customer: is missing"

  Scenario: All faults are reported at once, in the order of the schema
    Given a right order, but `customer.name` is `""` and `items[1].count` is `0`
    Then it has the faults "customer.name: length must be at least 1; items[1].count: must be at least 1"

  Scenario: Some faults have words of their own
    Given a right order, but `customer.email` is `"ada"` and `items[0].sku` is `"1"`
    Then it has the faults "customer.email: is no e-mail address; items[0].sku: is no article number"

  Scenario: An address is only needed for a courier
    Given a right order, but `delivery` is `"courier"` and `note` is `"Ring twice"`
    Then it has the faults "address: is missing"
    But with `delivery` as `"pickup"` it has no faults

  Scenario: A field that the schema does not have is a fault
    Given a right order, but `coupon` is `"X"` and `items[0].colour` is `"red"`
    Then it has the faults "items[0].colour: is unknown; coupon: is unknown"

  Scenario: An article that is ordered twice is a fault at its second place
    Given a right order, but `items[1].sku` is `"AB-100"` and `delivery` is `"drone"`
    Then it has the faults "delivery: must be one of pickup, courier; items[1].sku: repeats items[0].sku"

  Scenario: Numbers are checked by a schema of their own
    Given the schema `{"type": "number", "min": 1, "max": 5, "whole": true}`
    Then `3` has no faults
    But `2.5` has the faults ": must be a whole number"

  Scenario: Texts may be chosen from a list
    Given the schema `{"type": "text", "oneOf": ["S", "M", "L"]}`
    Then `"M"` has no faults
    But `"XL"` has the faults ": must be one of S, M, L"

  Scenario: Lists and objects stand in each other
    Given the schema `{"type": "list", "max": 2, "of": {"type": "object", "fields": {"tags": {"type": "list", "of": {"type": "text"}}}}}`
    Then `[{"tags": ["a"]}, {"tags": []}]` has no faults
    But `[{"tags": ["a", 1]}, {}]` has the faults "[0].tags[1]: must be a text; [1].tags: is missing"
