import { describe, expect, it } from "vitest";

import { epochMsOf } from "../../../ledger/domain/timestamp.ts";
import type { BudgetStatus } from "../../gateway/budgets/budget-status.ts";
import { forecaster } from "./forecaster.ts";

const NOW = epochMsOf("2026-11-21T13:00:00.000Z");
const HOUR = 3_600_000;

function budget(scope: "overall" | "period", used: number, limit: number | null): BudgetStatus {
  const place = { name: scope, scope, window: null, attempt: null, refusal: null, reserved: 0 };
  return { ...place, unit: "tokens", basis: "uncached", used, limit };
}

/** The forecast an hour after a session began with `start`. */
function saidOf(start: readonly BudgetStatus[], now: readonly BudgetStatus[], periodMs = 5 * HOUR) {
  const times = [0, HOUR, HOUR, HOUR, HOUR];
  const clock = { nowMs: () => NOW, monotonicMs: () => times.shift() ?? HOUR };
  const forecast = forecaster({ start, clock, periodMs, timeZone: "UTC" });
  return now
    .filter(({ scope }) => scope !== "overall" || now.length === 1)
    .map((one) => forecast(one, now));
}

describe("the forecast on the screen", () => {
  it("goes by what this session took, not by what was used before it", () => {
    const said = saidOf([budget("overall", 9000, 12_000)], [budget("overall", 10_500, 12_000)]);
    expect(said).toEqual([", at this pace empty at 14:00"]);
  });

  it("is not there before anything is taken, nor without a limit", () => {
    expect(saidOf([budget("overall", 9000, 12_000)], [budget("overall", 9000, 12_000)])).toEqual([
      "",
    ]);
    expect(saidOf([budget("overall", 0, null)], [budget("overall", 9000, null)])).toEqual([""]);
  });

  it("of a period counts what the period forgot meanwhile", () => {
    const start = [budget("overall", 0, null), budget("period", 500, 1000)];
    const now = [budget("overall", 400, null), budget("period", 600, 1000)];
    expect(saidOf(start, now)).toEqual([", at this pace empty at 14:00"]);
    expect(saidOf(start, now, 2 * HOUR)).toEqual([""]);
  });
});
