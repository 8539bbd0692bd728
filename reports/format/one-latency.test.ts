import { describe, expect, test } from "vitest";

import type { Filed } from "../../ledger/views/test-support/sample-ledger.ts";
import {
  assigned,
  type Cell,
  finalized,
  opened,
  registered,
  requested,
  sessionOpened,
} from "../../ledger/views/test-support/sample-rows.ts";
import { buildDocument } from "../document/build-document.ts";
import { gateDocument } from "../document/gate-document.ts";
import { previewDocument } from "../document/preview-document.ts";
import { gatherEvidence } from "../evidence/evidence.ts";
import {
  FOUR_PAIRS,
  rowsOf,
  type SamplePair,
  viewOf,
} from "../evidence/test-support/sample-experiment.ts";
import { decideExperiment } from "../gate/decide-experiment.ts";
import { DEFAULT_GATES } from "../looks/gate-file.ts";
import { takeLooks } from "../looks/take-looks.ts";
import { buildReport } from "../report/build-report.ts";
import { buildGateReport } from "../report/gate-report.ts";
import type { ReportData } from "../report/report-data.ts";
import { renderMarkdown } from "./render-markdown.ts";
import { renderTerminal } from "./render-terminal.ts";

type Arm = "base" | "cand";

/** Its baseline is far slower than in the other pairs, and its candidate is missing. */
const INCOMPLETE: SamplePair = {
  feature: "late",
  order: "AB",
  costs: { base: 7000, cand: 3000 },
  changes: { cand: { outcome: "infrastructure", quality: null } },
};
const REQUESTS = 5;

/** Latencies of 10, 20, … ms for the baseline; of three times that for the candidate. */
function latencyOf(pair: number, { arm, index }: { arm: Arm; index: number }): number {
  if (pair === FOUR_PAIRS.length) return 90_000;
  return (pair * REQUESTS + index + 1) * (arm === "base" ? 10 : 30);
}

function requestRows(pairs: readonly SamplePair[]): readonly Filed[] {
  return pairs.flatMap(({ feature, order }, pair) =>
    (["base", "cand"] as const).flatMap((arm) => {
      const period = (order === "AB") === (arm === "base") ? 1 : 2;
      const window = `W0-${String(2 * pair + period).padStart(2, "0")}`;
      return Array.from({ length: REQUESTS }, (_, index): Filed => [
        "proxy_telemetry",
        requested(
          { window, provider: arm, feature_id: feature, period },
          { latency_ms: latencyOf(pair, { arm, index }), subagent_id: "a1" },
        ),
      ]);
    }),
  );
}

/** The latencies of complete pairs, 10 to 200 ms, have a 95th percentile of 190.5 ms by type 7. */
const P95 = { base: 190.5, cand: 571.5 };

async function shown(rows: readonly Filed[], after: readonly Filed[] = []) {
  const gates = DEFAULT_GATES;
  const looks = takeLooks(gatherEvidence(await viewOf(rows)), gates);
  const looked = [...rows, ...looks.map((look): Filed => ["looks", look])];
  const decided = gatherEvidence(await viewOf(looked));
  const decisions = decideExperiment({ evidence: decided, gates, backlogReadyBlocked: 0 });
  const all = [...looked, ...decisions.map((decision): Filed => ["decisions", decision]), ...after];
  const evidence = gatherEvidence(await viewOf(all));
  const report = buildReport(await viewOf(all));
  const gate = buildGateReport(evidence, { decisions, gates }, { others: [] });
  return {
    report,
    gate,
    text: `${renderMarkdown(buildDocument(report))}\n${renderTerminal(previewDocument(report))}`,
  };
}

function providerP95(report: ReportData): unknown {
  return report.providers.map(({ latency_ms }) => latency_ms.p95);
}

describe("an incomplete pair", () => {
  const pairs = [...FOUR_PAIRS, INCOMPLETE];

  test("changes the p95 latency nowhere", async () => {
    const { report, gate, text } = await shown([...rowsOf(pairs), ...requestRows(pairs)]);
    expect(providerP95(report)).toEqual([P95.base, P95.cand]);
    expect(report.traffic.map(({ p95 }) => p95)).toEqual([P95.base, P95.cand]);
    for (const { candidates } of [gate, report.gate ?? gate]) {
      expect(candidates[0]?.arms.map((arm) => arm.latency_p95_ms)).toEqual([P95.base, P95.cand]);
      expect(candidates[0]?.figures?.latencyRatio).toBe(3);
    }
    expect([...text.matchAll(/(?<ms>\d+) ms p95/gu)].map(([, ms]) => ms)).toEqual(["191", "572"]);
    expect(tableRow(text, "Latency p95 ms")).toEqual(["191", "572"]);
    expect(tableRow(text, "Latency p95 ms, complete pairs")).toEqual(["191", "572"]);
    for (const where of [text, renderTerminal(gateDocument(gate))]) {
      expect(where).toMatch(/base \(baseline\) .*\b191\b/u);
      expect(where).toMatch(/cand \(candidate\) .*\b572\b/u);
    }
  });

  test("nor does a pair that no look has counted yet", async () => {
    const rows = [...rowsOf(FOUR_PAIRS), ...requestRows(FOUR_PAIRS)];
    const complete = { ...INCOMPLETE, changes: {} };
    const later = rowsOf([...FOUR_PAIRS, complete]).slice(-5, -1);
    const after: readonly Filed[] = [
      ["assignments", assigned("late", ["base", "cand"])],
      ...later,
      ...requestRows([...FOUR_PAIRS, complete]).slice(-2 * REQUESTS),
    ];
    const { report, gate } = await shown(rows, after);
    expect(report.pairs.filter(({ is_complete }) => is_complete)).toHaveLength(5);
    expect(providerP95(report)).toEqual([P95.base, P95.cand]);
    expect(gate.candidates[0]?.arms.map((arm) => arm.latency_p95_ms)).toEqual([P95.base, P95.cand]);
  });
});

test("without a complete pair only the traffic has latencies", async () => {
  const rows = [...rowsOf([INCOMPLETE]), ...requestRows([INCOMPLETE])];
  const { report } = await shown(rows);
  expect(providerP95(report)).toEqual([null, null]);
  expect(report.traffic.map(({ p95 }) => p95)).toEqual([48, 144]);
});

test("a baseline whose candidates lost other windows has a value with each", async () => {
  const ids = ["base", "cand", "other"];
  const assignments = ["cache", "queue"].map((task): Filed => ["assignments", assigned(task, ids)]);
  const windows = ["cache", "queue"].flatMap((feature_id, task) =>
    ids.flatMap((provider, index): readonly Filed[] => {
      const executed_order = task * ids.length + index + 1;
      const window = `W0-0${String(executed_order)}`;
      const cell: Cell = { window, provider, feature_id, period: index + 1 };
      const isLost = task === 1 && provider === "other";
      const changes = { executed_order, ...(isLost ? { outcome: "infrastructure" } : {}) };
      return [
        ["windows", opened(cell, { executed_order })],
        ["windows", finalized(cell, 1000, changes)],
        ["proxy_telemetry", requested(cell, { latency_ms: task === 0 ? 100 : 300 })],
      ];
    }),
  );
  const { text, report } = await shown([
    ...assignments,
    ["experiments", registered()],
    ["experiments", sessionOpened()],
    ...windows,
  ]);
  expect(report.providers.map(({ latency_ms: { n, p95 } }) => [n, p95])).toEqual([
    [0, null],
    [2, 290],
    [1, 100],
  ]);
  const [own] = tableRow(text, "Latency p95 ms, complete pairs");
  expect(own).toBe("290 (with cand); 100 (with other)");
  expect(report.traffic.map(({ p95 }) => p95)).toEqual([null, 290, 100]);
});

/** The cells of a table's column, without those of its head. */
function tableRow(text: string, head: string): readonly (string | undefined)[] {
  const block = text.split("\n\n").find((one) => one.includes(` ${head} |`)) ?? "";
  const [names = [], , ...rows] = block.split("\n").map((line) => line.split("|"));
  const column = names.findIndex((name) => name.trim() === head);
  return rows.map((cells) => cells[column]?.trim());
}
