import { expect, it } from "vitest";

import { readTimestamp } from "./read-timestamp.ts";

it.each([
  ["2026-02-28T10:30:00.000Z", "2026-02-28T10:30:00.000Z"],
  ["2024-02-29T10:30:00.000Z", "2024-02-29T10:30:00.000Z"],
  ["2026-01-31T23:30:00-02:00", "2026-02-01T01:30:00.000Z"],
  ["2026-01-02T10:30:00Z", "2026-01-02T10:30:00.000Z"],
  ["2026-01-02T24:00:00.000Z", "2026-01-03T00:00:00.000Z"],
])("reads the moment %s", (text, moment) => {
  expect(readTimestamp(text)).toBe(moment);
});

it.each([
  "2026-02-29T10:30:00.000Z",
  "2026-02-30T10:30:00.000Z",
  "2026-04-31T10:30:00+02:00",
  "2026-01-32T10:30:00Z",
  "2026-01-02T10:30:00",
])("refuses %s, which is no moment", (text) => {
  expect(readTimestamp(text)).toBeUndefined();
});
