import { describe, expect, it } from "vitest";

import { refuseUndo } from "./undo-order.ts";

const before = { id: "b", capturedAt: "2025-10-19T10:00:00.000Z" };
const after = { id: "a", capturedAt: "2025-10-19T11:00:00.000Z" };

const final = { id: "f", cites: ["hash of b", "hash of a"] };

describe("an undo", () => {
  it.each([
    ["b", { before, after: undefined, final: undefined }, undefined],
    ["a", { before, after, final: undefined }, undefined],
    ["f", { before, after, final }, undefined],
    ["b", { before, after, final: undefined }, "a"],
    ["b", { before, after, final }, "f"],
    ["a", { before, after, final }, "f"],
    ["churn", { before, after, final }, undefined],
  ])("of %s goes backwards", (id, rows, needs) => {
    expect(refuseUndo({ id, h: `hash of ${id}`, isCorrection: false }, rows)?.needs).toBe(needs);
  });

  it.each([
    ["that no final row cites gives back the reading that it corrects", ["hash of a"], undefined],
    ["that a final row cites comes after that row", ["hash of b"], "f"],
  ])("of a correction %s", (_, cites, needs) => {
    const rows = { before, after, final: { id: "f", cites } };
    expect(refuseUndo({ id: "b", h: "hash of b", isCorrection: true }, rows)?.needs).toBe(needs);
  });
});
