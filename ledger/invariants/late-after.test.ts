import { describe, expect, it } from "vitest";

import { recentResets } from "./late-after.ts";

const RESET = "2025-10-19T14:01:00.000Z";

function meter(resets_at: string | null) {
  const as_of = "2025-10-19T12:00:00.000Z";
  return {
    name: "5h",
    limit_window_minutes: 300,
    unit: "percent",
    used: 3,
    resets_at,
    as_of,
  } as const;
}

describe("an after near a reset", () => {
  it.each([
    ["before it", "2025-10-19T14:00:59.999Z", []],
    ["at its very moment", "2025-10-19T14:01:00.000Z", ["5h"]],
    ["within five minutes", "2025-10-19T14:05:59.999Z", ["5h"]],
    ["five minutes later", "2025-10-19T14:06:00.000Z", []],
  ])("is judged %s", (_, capturedAt, meters) => {
    const found = recentResets([[meter(RESET)], [meter(null)]], capturedAt);
    expect(found.map(({ meter: name }) => name)).toEqual(meters);
  });

  it("is judged by what either reading says", () => {
    const capturedAt = "2025-10-19T14:02:00.000Z";
    const later = meter("2025-10-19T19:01:00.000Z");
    expect(recentResets([[later], [meter(RESET)]], capturedAt)).toEqual([
      { meter: "5h", resetsAt: RESET },
    ]);
    expect(recentResets([[later], [later]], capturedAt)).toEqual([]);
  });
});
