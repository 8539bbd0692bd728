import { expect, test } from "vitest";

import {
  anomaly,
  type Cell,
  EXPERIMENT,
  finalized,
  registered,
  requested,
} from "../../../ledger/views/test-support/sample-rows.ts";
import { viewOf } from "../../../reports/evidence/test-support/sample-experiment.ts";
import { reconcileDriven } from "./reconcile-driven.ts";

const FIRST: Cell = { window: "W0-01", provider: "base", feature_id: "queue", period: 1 };
const SECOND: Cell = { ...FIRST, attempt: 2 };
const USAGE = { input_uncached: 100, output: 900, requests: 1 };
const DIVERGENCE = {
  id: "anomaly-1",
  experiment_id: EXPERIMENT,
  window: "W0-01",
  kind: "divergent:base",
};

/** How the agent's report of the second attempt agrees with the proxy. */
async function comparisonOf(
  reported: Readonly<Record<string, number>>,
  { anomalies = [], analysis = {} }: { readonly anomalies?: string[]; readonly analysis?: object },
) {
  const view = await viewOf([
    ["experiments", registered({ registration: { analysis } })],
    ["anomalies", anomaly(["W0-01"], DIVERGENCE)],
    ["proxy_telemetry", requested(SECOND, { usage: USAGE })],
    ["windows", finalized(SECOND, 100, { usage: USAGE, reported_usage: reported, anomalies })],
  ]);
  const [window] = reconcileDriven(view, () => true);
  const comparison = window?.sources.find(({ source }) => source === "base")?.comparison;
  const classes = comparison?.classes.filter(({ isDivergent }) => isDivergent);
  return {
    isDivergent: comparison?.isDivergent,
    classes: classes?.map((one) => one.class),
  };
}

test("the divergence of an earlier attempt says nothing about the final one", async () => {
  const compared = await comparisonOf(USAGE, {});
  expect(compared).toEqual({ isDivergent: false, classes: [] });
});

test("the final attempt is divergent if its session found it so", async () => {
  const twice = { input_uncached: 200, output: 1800, requests: 1 };
  const compared = await comparisonOf(twice, { anomalies: [DIVERGENCE.id] });
  expect(compared).toEqual({ isDivergent: true, classes: ["input_uncached", "output"] });
});

test("classes are judged by the registered share", async () => {
  const reported = { input_uncached: 200, output: 900, requests: 1 };
  const analysis = { divergence_share: 0.6 };
  const compared = await comparisonOf(reported, { anomalies: [DIVERGENCE.id], analysis });
  expect(compared).toEqual({ isDivergent: true, classes: [] });
});
