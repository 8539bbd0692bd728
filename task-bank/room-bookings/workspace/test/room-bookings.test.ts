import assert from "node:assert/strict";
import { test } from "node:test";

import { openRoom } from "../src/room-bookings.ts";

test("a free room is booked", () => {
  const room = openRoom();
  assert.deepEqual(room.book({ from: "09:00", to: "10:00", who: "Ada" }), { ok: true });
});
