import assert from "node:assert/strict";
import { test } from "node:test";

import { dayOf, partsOf, readTime, writeTime } from "../src/calendar.ts";

test("a moment lies in a day", () => {
  const day = dayOf(readTime("2026-03-14T09:30Z"));
  assert.equal(writeTime(day), "2026-03-14T00:00Z");
  assert.deepEqual(partsOf(day), { month: 3, day: 14, weekday: 6 });
});
