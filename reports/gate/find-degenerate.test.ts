import { describe, expect, it } from "vitest";

import type { LookTaken } from "../../ledger/domain/look.ts";
import type { Filed } from "../../ledger/views/test-support/sample-ledger.ts";
import { EXPERIMENT } from "../../ledger/views/test-support/sample-rows.ts";
import { gatherEvidence } from "../evidence/evidence.ts";
import { rowsOf, type SamplePair, viewOf } from "../evidence/test-support/sample-experiment.ts";
import { DEFAULT_GATES } from "../looks/gate-file.ts";
import { takeLooks } from "../looks/take-looks.ts";
import { findDegenerate } from "./find-degenerate.ts";

/** Pairs in which the candidate costs exactly half. */
function replayed(count: number): readonly Filed[] {
  return rowsOf(
    Array.from({ length: count }, (_, index): SamplePair => ({
      feature: `f${index}`,
      order: index % 2 === 0 ? "AB" : "BA",
      costs: { base: 8000, cand: 4000 },
    })),
  );
}

async function lookAt(rows: readonly Filed[]): Promise<LookTaken> {
  const [look] = takeLooks(gatherEvidence(await viewOf(rows)), DEFAULT_GATES);
  if (look === undefined) throw new Error("There is no look.");
  return look;
}

async function degenerateIn(rows: readonly Filed[]) {
  return findDegenerate(gatherEvidence(await viewOf(rows)));
}

/** Ids of the windows' final rows, pair by pair, the baseline's first. */
async function finalIds(rows: readonly Filed[]): Promise<readonly string[]> {
  const { windows } = gatherEvidence(await viewOf(rows));
  const place = ({ line }: (typeof windows)[number]) => `${line.feature_id} ${line.provider}`;
  return windows
    .toSorted((one, other) => (place(one) < place(other) ? -1 : 1))
    .flatMap(({ final }) => final?.id ?? []);
}

/** An anomaly that names these rows. */
const about = (touches: readonly string[], kind = "degenerate-variance"): Filed => [
  "anomalies",
  {
    record: "anomaly_recorded",
    experiment_id: EXPERIMENT,
    kind,
    touches,
    observed: {},
    action: "",
  },
];

describe("cost ratios that do not vary at all", () => {
  it("are an anomaly that names the windows of the pairs", async () => {
    const rows = replayed(3);
    const look = await lookAt(rows);
    expect(look.zero_variance).toBe(true);
    expect(await degenerateIn([...rows, ["looks", look]])).toEqual([
      {
        record: "anomaly_recorded",
        experiment_id: EXPERIMENT,
        kind: "degenerate-variance",
        touches: await finalIds(rows),
        observed: {
          candidate: "cand",
          pairs: 3,
          cost_ratio: 2,
          // The baseline came second in the second pair.
          windows: ["W0-01", "W0-02", "W0-04", "W0-03", "W0-05", "W0-06"],
        },
        action:
          "The cost ratios to cand do not vary over 3 pairs, as if data had been replayed; no such look counts for a gate.",
      },
    ]);
  });

  it("are read from the last look", async () => {
    const rows = replayed(3);
    const look = await lookAt(rows);
    const varied = { ...look, zero_variance: false };
    expect(await degenerateIn(rows)).toEqual([]);
    expect(await degenerateIn([...rows, ["looks", look], ["looks", varied]])).toEqual([]);
    expect(await degenerateIn([...rows, ["looks", varied], ["looks", look]])).toHaveLength(1);
  });

  it.each([
    [{ n_pairs: 2 }, 0],
    [{ n_pairs: 3, n_families: 2 }, 0],
    [{ n_pairs: 4, n_families: 3 }, 1],
  ])("count from three pairs or families: %o", async (change, found) => {
    const rows = replayed(4);
    const look = { ...(await lookAt(rows)), ...change };
    expect(await degenerateIn([...rows, ["looks", look]])).toHaveLength(found);
  });

  it("without a recorded ratio say so", async () => {
    const rows = replayed(3);
    const look = { ...(await lookAt(rows)), figures: {} };
    const [row] = await degenerateIn([...rows, ["looks", look]]);
    expect(row?.["observed"]).toMatchObject({ cost_ratio: null });
  });
});

describe("windows of such pairs", () => {
  it("are named once, and later windows by themselves", async () => {
    const rows = replayed(4);
    const look: Filed = ["looks", await lookAt(rows)];
    const ids = await finalIds(rows);
    expect(await degenerateIn([...rows, look, about(ids)])).toEqual([]);
    const [later] = await degenerateIn([...rows, look, about(ids.slice(0, 6))]);
    expect(later).toMatchObject({
      touches: ids.slice(6),
      observed: { pairs: 4, windows: ["W0-08", "W0-07"] },
    });
    const [other] = await degenerateIn([...rows, look, about(ids, "late-after")]);
    expect(other?.["touches"]).toEqual(ids);
    // These rows are the baseline's: that anomaly is about another candidate.
    const [others] = await degenerateIn([...rows, look, about([ids[0] ?? "", ids[2] ?? ""])]);
    expect(others?.["touches"]).toEqual(ids);
  });
});
