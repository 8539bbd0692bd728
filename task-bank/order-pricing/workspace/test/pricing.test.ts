import assert from "node:assert/strict";
import { test } from "node:test";

import { priceOrder } from "../src/pricing.ts";

test("a gold customer's bulk order", () => {
  const lines = [{ category: "pen", unitCents: 500, quantity: 20 }];
  assert.equal(priceOrder({ lines, customer: { tier: "gold", firstOrder: false } }), 8550);
});
