import { expect, it } from "vitest";

import { recordFileName } from "./record-file-name.ts";

it.each([
  ["window_finalized", "window_finalized.csv"],
  ["../../etc/passwd", "%2E%2E%2F%2E%2E%2Fetc%2Fpasswd.csv"],
  ["a".repeat(400), `${"a".repeat(150)}~abd5e54b.csv`],
  ["", "~e3b0c442.csv"],
])("never leaves its folder: %s", (record, name) => {
  expect(recordFileName(record, "csv")).toBe(name);
});

it("gives two records that begin alike two files", () => {
  const [one, other] = ["b", "c"].map((end) => recordFileName(`${"a".repeat(400)}${end}`, "csv"));
  expect(one).not.toBe(other);
});
