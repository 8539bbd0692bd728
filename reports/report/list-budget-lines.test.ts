import { describe, expect, it } from "vitest";

import { epochMsOf } from "../../ledger/domain/timestamp.ts";
import type { TakeLine } from "../../ledger/store/store.ts";
import { openExperimentView } from "../../ledger/views/open-view.ts";
import {
  appendAll,
  createSampleLedger,
  type Filed,
} from "../../ledger/views/test-support/sample-ledger.ts";
import {
  type Cell,
  debited,
  EXPERIMENT,
  finalized,
  registered,
  sessionOpened,
} from "../../ledger/views/test-support/sample-rows.ts";
import { buildReport } from "./build-report.ts";

const FIRST: Cell = { window: "W0-01", provider: "base", feature_id: "cache", period: 1 };
const ORIGIN = "command line";
const HOUR = 3_600_000;

const settings = {
  budgets: {
    mode: { value: "block", origin: "default" },
    basis: { value: "uncached", origin: "default" },
    overall: { value: null, origin: "default" },
    commands: {},
    period_ms: { value: HOUR, origin: ORIGIN },
    limits: [
      ["overall", "overall", "usd", 25, true],
      ["period", "period", "tokens", 9000, true],
      ["role", "implementer", "tokens", 5000, false],
    ].map(([scope, name, unit, limit, is_held]) => ({
      scope,
      name,
      unit,
      limit,
      is_held,
      origin: ORIGIN,
    })),
  },
};

async function linesOf(nowMs?: number) {
  const store = createSampleLedger();
  const usd = { delta_usd: 2, total_usd: 2, overshoot_usd: 0, role: "implementer" };
  const rows: readonly Filed[] = [
    ["experiments", registered()],
    ["experiments", sessionOpened({ settings })],
    ["budgets", { ...debited(FIRST, "r1", 500), ...usd }],
    ["windows", finalized(FIRST, 500)],
  ];
  await appendAll(store, rows);
  const budgets = {
    read: (take: TakeLine) => store.read("budgets", take),
    ...(nowMs === undefined ? {} : { nowMs }),
  };
  const last = [...store.read("budgets")].at(-1);
  const report = buildReport(openExperimentView(store, EXPERIMENT), budgets);
  return { lines: report.budgets.lines, lastMs: epochMsOf(last?.recorded_at ?? "") };
}

describe("the budgets of a report", () => {
  it("are told in every unit that was limited or used", async () => {
    const { lines } = await linesOf();
    expect(lines.map(({ name, unit, limit, used }) => [name, unit, limit, used])).toEqual([
      ["overall", "tokens", null, 500],
      ["overall", "usd", 25, 2],
      ["period", "tokens", 9000, 500],
      ["/implement", "tokens", null, 500],
      ["/implement", "usd", null, 2],
      // It was given and does not hold.
      ["implementer", "tokens", null, 500],
      ["implementer", "usd", null, 2],
    ]);
  });

  it("of a period reach back from the last row, or from now where there is a now", async () => {
    const { lastMs } = await linesOf();
    const usedAt = async (nowMs: number) =>
      (await linesOf(nowMs)).lines.find(({ scope }) => scope === "period")?.used;
    expect(await usedAt(lastMs + HOUR - 1)).toBe(500);
    expect(await usedAt(lastMs + HOUR)).toBe(0);
  });
});
