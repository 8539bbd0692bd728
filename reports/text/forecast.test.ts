import { describe, expect, it } from "vitest";

import { epochMsOf } from "../../ledger/domain/timestamp.ts";
import { emptyAtMs, sayMoment } from "./budget-bar.ts";

const NOW = epochMsOf("2026-11-21T13:00:00.000Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("when a budget is empty", () => {
  it("continues at the pace so far", () => {
    // 3,000 in 30 minutes, 8,000 left: 80 minutes more.
    const use = { used: 12_000, limit: 20_000, taken: 3000, spanMs: 30 * MINUTE };
    expect(emptyAtMs(use, NOW)).toBe(NOW + 80 * MINUTE);
  });

  it.each([
    ["nothing was taken", { used: 5, limit: 10, taken: 0, spanMs: HOUR }],
    ["no time has passed", { used: 5, limit: 10, taken: 5, spanMs: 0 }],
    ["there is no limit", { used: 5, limit: null, taken: 5, spanMs: HOUR }],
    ["it is empty already", { used: 10, limit: 10, taken: 5, spanMs: HOUR }],
    ["it is years off", { used: 5, limit: 1_000_000, taken: 1, spanMs: HOUR }],
  ])("is not said where %s", (_, use) => {
    expect(emptyAtMs(use, NOW)).toBeNull();
  });

  it("is never where a rolling period forgets as fast as it fills", () => {
    const use = { used: 400, limit: 500, taken: 100, spanMs: HOUR };
    expect(emptyAtMs({ ...use, everyMs: 5 * HOUR }, NOW)).toBeNull();
    expect(emptyAtMs({ ...use, everyMs: 6 * HOUR }, NOW)).toBe(NOW + HOUR);
  });
});

describe("a moment", () => {
  it("is a time of day, today", () => {
    expect(sayMoment(NOW + 80 * MINUTE, NOW, "UTC")).toBe("14:20");
  });

  it("has its date on another day", () => {
    expect(sayMoment(NOW + 11 * HOUR, NOW, "UTC")).toBe("2026-11-22 00:00");
  });

  it("is that of the place", () => {
    expect(sayMoment(NOW, NOW, "Asia/Tokyo")).toBe("22:00");
    expect(sayMoment(NOW + 2 * HOUR, NOW, "Asia/Tokyo")).toBe("2026-11-22 00:00");
  });
});
