import { describe, expect, it } from "vitest";

import { refuseReading } from "./one-reading.ts";

const BEFORE = { id: "b", capturedAt: "2025-10-19T10:00:00.000Z" };
const AFTER = { id: "a", capturedAt: "2025-10-19T11:00:00.000Z" };
const NONE = { before: undefined, after: undefined };

describe("a reading of a window", () => {
  it.each([
    ["before", NONE, undefined],
    ["after", { before: BEFORE, after: undefined }, undefined],
    ["before", { before: BEFORE, after: undefined }, "second"],
    ["after", { before: BEFORE, after: AFTER }, "second"],
    ["after", NONE, "no-before"],
  ] as const)("%s", (phase, readings, reason) => {
    const refusal = refuseReading({ phase, capturedAt: "2025-10-19T12:00:00.000Z" }, readings);
    expect(refusal?.reason).toBe(reason);
  });

  it("may be as old as the before, and no older", () => {
    const readings = { before: BEFORE, after: undefined };
    expect(
      refuseReading({ phase: "after", capturedAt: BEFORE.capturedAt }, readings),
    ).toBeUndefined();
    const older = { phase: "after", capturedAt: "2025-10-19T09:59:59.999Z" } as const;
    expect(refuseReading(older, readings)?.reason).toBe("older-than-before");
  });
});
