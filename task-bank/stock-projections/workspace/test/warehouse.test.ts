import assert from "node:assert/strict";
import { test } from "node:test";

import { openWarehouse } from "../src/warehouse.ts";

test("what is on hand and what was shipped", () => {
  const warehouse = openWarehouse();
  warehouse.record({ type: "received", item: "nails", quantity: 10 });
  assert.equal(warehouse.record({ type: "shipped", item: "nails", quantity: 4 }).seq, 2);
  assert.deepEqual(warehouse.report("on-hand"), { nails: 6 });
  assert.deepEqual(warehouse.report("shipped"), { nails: 4 });
});
