import assert from "node:assert/strict";
import { test } from "node:test";

import { Scheduler } from "../src/scheduler.ts";

test("a job is taken and done", () => {
  const scheduler = new Scheduler({ tries: 3, waitMs: 1000, waitMsMax: 5000, leaseMs: 60_000, now: () => 1 });
  assert.equal(scheduler.add({ id: "mail" }), true);
  assert.deepEqual(scheduler.take(), { id: "mail", attempt: 1 });
  assert.equal(scheduler.succeed({ id: "mail", attempt: 1 }), true);
  assert.deepEqual(scheduler.counts(), { waiting: 0, running: 0, done: 1, dead: 0 });
});
