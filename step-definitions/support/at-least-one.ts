import assert from "node:assert/strict";

/** Refuses an empty list: a statement about every item of it would hold whatever the product did. */
export function atLeastOne<Item>(items: readonly Item[]): readonly Item[] {
  assert.ok(items.length > 0, "There is not one to look at.");
  return items;
}
