import assert from "node:assert/strict";
import { test } from "node:test";

import { RateLimiter } from "../src/rate-limiter.ts";

test("a new limiter lets work through", () => {
  const limiter = new RateLimiter({ size: 1, tokensPerSecond: 1, now: () => 0 });
  assert.equal(limiter.tryTake(), true);
});
