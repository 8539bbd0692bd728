import { assert as check, integer, option, property, record } from "fast-check";
import { describe, expect, it } from "vitest";

import type { Meter } from "../domain/meter.ts";
import { epochMsOf, timestampOf } from "../domain/timestamp.ts";
import { capacityDeltas } from "./capacity-delta.ts";

const RESET = "2025-10-25T19:11:00.000Z";

function meter(
  used: number,
  resets_at: string | null = RESET,
  changes: Partial<Meter> = {},
): Meter {
  return {
    name: "weekly",
    limit_window_minutes: 10_080,
    unit: "percent",
    used,
    resets_at,
    as_of: "2025-10-19T10:00:00.000Z",
    ...changes,
  };
}

function at(reset: number | null): string | null {
  return reset === null ? null : timestampOf(reset);
}

describe("a capacity delta", () => {
  it.each([
    ["within one period", meter(19), meter(23), 4, undefined],
    ["of a meter that did not move", meter(19), meter(19), 0, undefined],
    [
      "of the same pane twice",
      meter(19),
      meter(19, RESET, { is_duplicate: true }),
      null,
      "duplicate-pane",
    ],
    [
      "whose stamps differ by 3 minutes",
      meter(19),
      meter(23, "2025-10-25T19:14:00.000Z"),
      4,
      undefined,
    ],
    ["of a pane that went back", meter(19), meter(10), null, "negative-delta"],
    [
      "over a reset, with a plus",
      meter(64),
      meter(82, "2025-10-31T19:11:00.000Z"),
      null,
      "reset-crossed",
    ],
    [
      "over a reset, with a minus",
      meter(64),
      meter(2, "2025-10-31T19:11:00.000Z"),
      null,
      "reset-crossed",
    ],
    [
      "whose stamps differ by more",
      meter(19),
      meter(23, "2025-10-25T19:14:00.001Z"),
      null,
      "reset-crossed",
    ],
    [
      "over a reset that moved back",
      meter(19),
      meter(23, "2025-10-24T19:11:00.000Z"),
      null,
      "reset-crossed",
    ],
    ["whose reset before is unreadable", meter(1, null), meter(2), null, "reset-unknown"],
    ["whose reset after is unreadable", meter(1), meter(2, null), null, "reset-unknown"],
    ["between two units", meter(1), meter(2, RESET, { unit: "tokens" }), null, "unit-changed"],
  ] as const)("%s", (...[, before, after, delta, flag]) => {
    const [found] = capacityDeltas([before], [after]);
    expect([found?.delta, found?.flag]).toEqual([delta, flag]);
  });
});

describe("a capacity delta of old figures", () => {
  it.each([
    [
      "of a pane from after the reset that it shows",
      meter(19),
      meter(23, RESET, { as_of: "2025-10-25T19:14:00.001Z" }),
      null,
      "reset-crossed",
    ],
    [
      "of a pane that lags behind the reset by no more than panes round",
      meter(19),
      meter(23, RESET, { as_of: "2025-10-25T19:14:00.000Z" }),
      4,
      undefined,
    ],
    [
      "of a pane that says that it may be stale",
      meter(19),
      meter(23, RESET, { is_stale: true }),
      null,
      "stale-pane",
    ],
    [
      "since a pane that said that it may be stale",
      meter(19, RESET, { is_stale: true }),
      meter(23),
      null,
      "stale-pane",
    ],
    [
      "of figures that are older than those before",
      meter(19),
      meter(23, RESET, { as_of: "2025-10-19T09:59:59.999Z" }),
      null,
      "stale-pane",
    ],
  ] as const)("%s", (...[, before, after, delta, flag]) => {
    const [found] = capacityDeltas([before], [after]);
    expect([found?.delta, found?.flag]).toEqual([delta, flag]);
  });
});

describe("a capacity delta of a meter that was idle before", () => {
  const week = 10_080 * 60_000;
  const before = meter(0, null, { is_idle: true });
  const since = (ms: number) => timestampOf(epochMsOf(before.as_of) + ms);

  it.each([
    ["used in a period that had begun", meter(4, since(week - 1)), 4],
    ["used in a period that began later", meter(4, since(2 * week - 1)), 4],
    ["used when another period may have been in between", meter(4, since(2 * week)), null],
    ["used in a period that was over before", meter(4, since(0)), null],
    ["used, its reset unreadable", meter(4, null), null],
    ["idle still", meter(0, null, { is_idle: true, as_of: since(week - 1) }), 0],
    ["idle again a window later", meter(0, null, { is_idle: true, as_of: since(week) }), null],
  ])("%s", (_, after, delta) => {
    const [found] = capacityDeltas([before], [after]);
    expect([found?.delta, found?.flag]).toEqual([
      delta,
      delta === null ? "reset-unknown" : undefined,
    ]);
  });

  it("that is idle after its period crossed a reset", () => {
    const [found] = capacityDeltas([meter(4)], [meter(0, null, { is_idle: true })]);
    expect(found?.flag).toBe("reset-crossed");
  });
});

describe("a capacity delta in general", () => {
  it("of a meter that never resets needs no reset", () => {
    const never = { name: "proxy", limit_window_minutes: null, unit: "tokens" } as const;
    const [found] = capacityDeltas([meter(10, null, never)], [meter(25, null, never)]);
    expect(found).toEqual({ name: "proxy", unit: "tokens", delta: 15 });
  });

  it("names the meter that one reading lacks, whichever reading it is", () => {
    const other = meter(3, RESET, { name: "5h" });
    expect(capacityDeltas([meter(1), other], [meter(2)])).toEqual([
      { name: "weekly", unit: "percent", delta: 1 },
      { name: "5h", unit: "percent", delta: null, flag: "meter-missing" },
    ]);
    expect(capacityDeltas([meter(1)], [meter(2), other]).at(-1)?.flag).toBe("meter-missing");
  });

  it("is never negative and never crosses a reset, whatever was read", () => {
    const reading = record({
      used: integer({ min: 0, max: 100 }),
      reset: option(integer({ min: 0, max: 60 * 24 * 60_000 })),
    });
    const readAt = integer({ min: 0, max: 60 * 24 * 60_000 });
    check(
      property(reading, reading, readAt, (one, two, readAtMs) => {
        const [found] = capacityDeltas(
          [meter(one.used, at(one.reset), { as_of: timestampOf(0) })],
          [meter(two.used, at(two.reset), { as_of: timestampOf(readAtMs) })],
        );
        const apart = Math.abs((one.reset ?? Number.NaN) - (two.reset ?? Number.NaN));
        const isOver = readAtMs - (two.reset ?? Number.NaN) > 180_000;
        const isProven = apart <= 180_000 && !isOver && two.used >= one.used;
        expect(found?.delta).toBe(isProven ? two.used - one.used : null);
        expect(found?.flag === undefined).toBe(isProven);
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});
