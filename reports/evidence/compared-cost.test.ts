import { describe, expect, it } from "vitest";

import { openExperimentView } from "../../ledger/views/open-view.ts";
import { appendAll, createSampleLedger } from "../../ledger/views/test-support/sample-ledger.ts";
import {
  assigned,
  EXPERIMENT,
  finalized,
  registered,
  registration,
  requested,
} from "../../ledger/views/test-support/sample-rows.ts";
import { gatherEvidence } from "./evidence.ts";

const CELL = { window: "W0-01", provider: "base", feature_id: "cache", period: 1 };
const USAGE = { input_uncached: 100, output: 10, cache_read: 5000, requests: 1 };

type Request = Readonly<Record<string, unknown>>;

/** The first window of an experiment whose sub-agents are compared. */
async function windowWith(requests: readonly Request[], measure: "tokens" | "usd" = "tokens") {
  const store = createSampleLedger();
  const analysis = { cost: measure, cost_scope: "subagents", basis: "uncached", comparable: true };
  const cost = { measure, amount: 9000, is_lower_bound: false };
  await appendAll(store, [
    ["assignments", assigned("cache", ["base", "cand"])],
    ["experiments", registered({ registration: registration({ analysis }) })],
    ...requests.map((fields) => ["proxy_telemetry", requested(CELL, fields)] as const),
    ["windows", finalized(CELL, 9000, { cost })],
  ]);
  const [window] = gatherEvidence(openExperimentView(store, EXPERIMENT)).windows;
  return window;
}

describe("the cost of sub-agents alone", () => {
  it("adds up what they took, in the basis of the question", async () => {
    const window = await windowWith([
      { subagent_id: null, usage: USAGE },
      { subagent_id: "one", usage: USAGE },
      { subagent_id: "two", usage: USAGE },
      { subagent_id: "two", usage: USAGE, kind: "count_tokens" },
    ]);
    expect(window?.line).toMatchObject({ state: "valid", cost: 220 });
  });

  it("adds up their dollars where dollars are compared", async () => {
    const window = await windowWith(
      [
        { subagent_id: "one", usage: USAGE, cost_usd: 0.25 },
        { subagent_id: "one", usage: null, status: 500 },
        { subagent_id: null, usage: USAGE, cost_usd: 3 },
      ],
      "usd",
    );
    expect(window?.line).toMatchObject({ state: "valid", cost: 0.25 });
  });

  it("is not known where one of them has no price", async () => {
    const priced = { subagent_id: "one", usage: USAGE, cost_usd: 0.25 };
    const window = await windowWith([priced, { ...priced, cost_usd: null }], "usd");
    expect(window?.missing).toBe("no_cost");
    expect(window?.line.cost).toBeNull();
  });

  it.each([
    ["no request was a sub-agent's", { subagent_id: null, usage: USAGE }],
    ["the only one was refused", { subagent_id: "one", usage: null, refused_by: "budget" }],
  ])("makes the window missing where %s", async (_, request) => {
    const window = await windowWith([request]);
    expect(window?.missing).toBe("no_subagent");
  });
});
