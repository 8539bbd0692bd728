import { describe, expect, it } from "vitest";

import { sampleId } from "../../ledger/views/test-support/sample-ledger.ts";
import { EXPERIMENT } from "../../ledger/views/test-support/sample-rows.ts";
import { gatherEvidence } from "../evidence/evidence.ts";
import { looksAt } from "../evidence/looks-at.ts";
import { countRegressions } from "../evidence/resolved-pairs.ts";
import { FOUR_PAIRS, rowsOf, viewOf } from "../evidence/test-support/sample-experiment.ts";
import { DEFAULT_GATES } from "../looks/gate-file.ts";
import { readLook, rejudge, takeLooks } from "../looks/take-looks.ts";
import { decideExperiment } from "./decide-experiment.ts";
import { findStops } from "./find-stops.ts";
import { parseStopCondition } from "./stop-condition.ts";

const ROWS = rowsOf(FOUR_PAIRS);

/** Everything but the final rows of these windows: they have not ended yet. */
function without(...windows: readonly string[]) {
  return ROWS.filter(
    ([, row]) => row.record !== "window_finalized" || !windows.includes(String(row["window"])),
  );
}

async function pairsSeen(rows: typeof ROWS): Promise<readonly number[]> {
  return takeLooks(gatherEvidence(await viewOf(rows)), DEFAULT_GATES).map(({ n_pairs }) => n_pairs);
}

describe("a look", () => {
  it("sees every pair once all are resolved", async () => {
    expect(await pairsSeen(ROWS)).toEqual([4]);
  });

  it("stops before the first pair that is not resolved, however many came after it", async () => {
    expect(await pairsSeen(without("W0-03"))).toEqual([1]);
    expect(await pairsSeen(without("W0-01"))).toEqual([]);
  });

  it("goes past a pair that is resolved as missing, and does not count it", async () => {
    const rows = ROWS.map(([file, row]) =>
      row.record === "window_finalized" && row["window"] === "W0-03"
        ? ([file, { ...row, outcome: "infrastructure", quality: null }] as const)
        : ([file, row] as const),
    );
    expect(await pairsSeen(rows)).toEqual([3]);
  });

  it("is not taken again at the same data", async () => {
    const view = await viewOf(ROWS);
    const [look] = takeLooks(gatherEvidence(view), DEFAULT_GATES);
    if (look === undefined) throw new Error("There is no look.");
    const again = await viewOf([...ROWS, ["looks", look]]);
    expect(takeLooks(gatherEvidence(again), DEFAULT_GATES)).toEqual([]);
  });

  it("is not taken where costs can't be compared", async () => {
    const rows = ROWS.map(([file, row]) =>
      row.record === "experiment_registered"
        ? ([
            file,
            { ...row, registration: { analysis: { cost: "tokens", comparable: false } } },
          ] as const)
        : ([file, row] as const),
    );
    expect(await pairsSeen(rows)).toEqual([]);
  });

  it("is judged again by other thresholds, from the same pairs", async () => {
    const [row] = takeLooks(gatherEvidence(await viewOf(ROWS)), DEFAULT_GATES);
    if (row === undefined) throw new Error("There is no look.");
    const view = await viewOf([...ROWS, ["looks", row]]);
    const [fact] = looksAt(view, row.candidate);
    if (fact === undefined) throw new Error("The look is not on record.");
    expect(readLook(row).criteria.cost.point).toBe(true);
    const strict = rejudge(gatherEvidence(view), fact, { ...DEFAULT_GATES, cost_target: 8 });
    expect(strict.criteria.cost.point).toBe(false);
    expect(strict.fingerprint).toBe(row.fingerprint);
  });
});

it("a look that counts again keeps its place", async () => {
  const [look] = takeLooks(gatherEvidence(await viewOf(ROWS)), DEFAULT_GATES);
  if (look === undefined) throw new Error("There is no look.");
  const rows = [look, { ...look, n_pairs: 9 }].map((row) => ["looks", row] as const);
  const [first, undone] = [ROWS.length + 1, ROWS.length + 3].map(sampleId);
  const undo = ["looks", { record: "row_undone", undoes: first }] as const;
  const back = ["looks", { record: "row_undone", undoes: undone }] as const;
  const pairsIn = async (more: readonly (typeof undo)[]) =>
    looksAt(await viewOf([...ROWS, ...rows, ...more]), look.candidate).map(
      (fact) => fact.look.n_pairs,
    );
  expect(await pairsIn([undo])).toEqual([9]);
  expect(await pairsIn([undo, back])).toEqual([4, 9]);
});

const HALT = {
  record: "arm_halted",
  experiment_id: EXPERIMENT,
  provider: "cand",
  rule: "operator: tokens>1",
  reason: "cand has tokens 2.",
  release: "Resume without it.",
};

describe("a decision", () => {
  it("ignores a recorded halt whose cause the data do not show", async () => {
    const rows = [...ROWS, ["decisions", { ...HALT, rule: "negative_delta" }]] as const;
    const [decision] = decideExperiment({
      evidence: gatherEvidence(await viewOf(rows)),
      gates: DEFAULT_GATES,
      backlogReadyBlocked: 2,
    });
    expect(decision?.stopped).toEqual([]);
  });

  it("names an arm that the operator halted, and adds no seat", async () => {
    const [decision] = decideExperiment({
      evidence: gatherEvidence(await viewOf([...ROWS, ["decisions", HALT]])),
      gates: DEFAULT_GATES,
      backlogReadyBlocked: 2,
    });
    expect(decision).toMatchObject({ verdict: "stop", stopped: ["cand"], seat: null });
    expect(decision?.reasons[0]).toBe("stopped:cand");
  });
});

describe("stop rules", () => {
  it("halt nothing in an ordinary experiment", async () => {
    expect(findStops(gatherEvidence(await viewOf(ROWS)), [])).toEqual([]);
  });

  it("halt the experiment where a pair was run in another order than assigned", async () => {
    const orders: Readonly<Record<string, number>> = { "W0-01": 2, "W0-02": 1 };
    const rows = ROWS.map(([file, row]) => {
      const order = orders[String(row["window"])];
      return [file, order === undefined ? row : { ...row, executed_order: order }] as const;
    });
    const [stop] = findStops(gatherEvidence(await viewOf(rows)), []);
    expect(stop).toMatchObject({ provider: null, rule: "protocol_violation" });
  });

  it.each([
    ["errors>0.1", 0.11, true],
    ["errors > 0.1", 0.1, false],
    ["cost_usd>=50", 50, true],
    ["quality<0.5", 0.4, true],
    ["tokens<=10", 11, false],
  ])("read %s: at %d it holds: %s", (text, value, holds) => {
    expect(parseStopCondition(text)?.holds(value)).toBe(holds);
  });

  it.each([
    "errors",
    "errors>",
    "errors=1",
    "errors>-1",
    "colour>1",
    "errors>1e3",
    ">1",
    "9errors>1",
  ])("refuse %s", (text) => {
    expect(parseStopCondition(text)).toBeNull();
  });
});

describe("regressions", () => {
  const passing = { scenarios_total: 3, scenarios_failed: [] };

  it.each([
    [passing, passing, 0],
    [passing, { scenarios_total: 3, scenarios_failed: ["visible: a"] }, 1],
    [
      { scenarios_total: 3, scenarios_failed: ["visible: a"] },
      { scenarios_total: 3, scenarios_failed: ["visible: a", "visible: b"] },
      1,
    ],
    [passing, { scenarios_total: 0, scenarios_failed: [] }, 3],
    [{ scenarios_total: 0, scenarios_failed: [] }, passing, 0],
  ])("of %o to %o are %d", (baseline, candidate, count) => {
    expect(countRegressions(baseline, candidate)).toBe(count);
  });
});
