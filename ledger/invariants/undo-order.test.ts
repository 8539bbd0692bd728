import { describe, expect, it } from "vitest";

import { refuseUndo } from "./undo-order.ts";

const before = { id: "b", capturedAt: "2025-10-19T10:00:00.000Z" };
const after = { id: "a", capturedAt: "2025-10-19T11:00:00.000Z" };

describe("an undo", () => {
  it.each([
    ["b", { before, after: undefined, final: undefined }, undefined],
    ["a", { before, after, final: undefined }, undefined],
    ["f", { before, after, final: "f" }, undefined],
    ["b", { before, after, final: undefined }, "a"],
    ["b", { before, after, final: "f" }, "f"],
    ["a", { before, after, final: "f" }, "f"],
    ["churn", { before, after, final: "f" }, undefined],
  ])("of %s goes backwards", (id, rows, needs) => {
    expect(refuseUndo(id, rows)?.needs).toBe(needs);
  });
});
