import seedrandom from "seedrandom";

import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import type { Filed } from "../../../ledger/views/test-support/sample-ledger.ts";
import { gatherEvidence } from "../../evidence/evidence.ts";
import { rowsOf, type SamplePair, viewOf } from "../../evidence/test-support/sample-experiment.ts";
import { decideExperiment } from "../../gate/decide-experiment.ts";
import { DEFAULT_GATES } from "../../looks/gate-file.ts";
import { takeLooks } from "../../looks/take-looks.ts";
import { buildReport } from "../../report/build-report.ts";
import type { ReportData } from "../../report/report-data.ts";

/** Tasks in both orders: the baseline costs about 2.4 times as much, and quality varies. */
export function drawPairs(count: number): readonly SamplePair[] {
  const random = seedrandom(`pictures ${String(count)}`);
  return Array.from({ length: count }, (_, index): SamplePair => {
    const size = 2000 * 8 ** random();
    const ratio = 2.4 * 2 ** (2 * random() - 1);
    const quality = () => (random() < 0.7 ? 1 : Math.round(random() * 8) / 8);
    return {
      feature: `task-${String(index + 1).padStart(4, "0")}`,
      order: index % 2 === 0 ? "AB" : "BA",
      costs: { base: Math.round(size * ratio), cand: Math.round(size) },
      quality: { base: quality(), cand: quality() },
    };
  });
}

/** The report of an experiment with these pairs, a look after each of `looks` pairs, and its decision. */
export async function reportOn(
  pairs: readonly SamplePair[],
  looks: readonly number[] = [],
): Promise<ReportData> {
  const taken: Filed[] = [];
  for (const count of looks) {
    const view = await viewOf([...rowsOf(pairs.slice(0, count)), ...taken]);
    const found = takeLooks(gatherEvidence(view), DEFAULT_GATES);
    taken.push(...found.map((look): Filed => ["looks", look]));
  }
  const rows = [...rowsOf(pairs), ...taken];
  if (looks.length === 0) return buildReport(await viewOf(rows));
  const evidence = gatherEvidence(await viewOf(rows));
  const decisions = decideExperiment({ evidence, gates: DEFAULT_GATES, backlogReadyBlocked: 0 });
  const decided = decisions.map((decision): Filed => ["decisions", decision]);
  return buildReport(await viewOf([...rows, ...decided]));
}

const SECOND_MS = 1000;

/** The same report with what its annex draws: budgets, latencies and times. */
export function withAnnex(report: ReportData): ReportData {
  const { budgets, ran } = report;
  const traffic = ["base", "cand"].map((provider, index) => ({
    provider,
    backend: "upstream",
    prompts: 100,
    routed_pct: 100,
    p50: 400 + 100 * index,
    p95: 2000 + 900 * index,
    error_rate: 0,
    subagent_prompts: 0,
  }));
  const burn = [1, 2, 3, 4].map((at) => ({
    at_ms: at * 100 * SECOND_MS,
    tokens: at * 20_000,
    usd: at * 0.5,
    minutes: at,
  }));
  const schedule = ran.schedule.map((line, index) => ({
    ...line,
    timing: {
      opened_at: timestampOf(index * 60 * SECOND_MS),
      setup_ms: 5 * SECOND_MS,
      working_ms: 40 * SECOND_MS,
      grading_ms: 15 * SECOND_MS,
    },
  }));
  return {
    ...report,
    traffic,
    budgets: { ...budgets, lines: [limited("tokens", 100_000), limited("usd", 4)], burn },
    ran: { ...ran, schedule },
  };
}

function limited(unit: "tokens" | "usd", limit: number) {
  const scope = "overall" as const;
  const unused = { used: 0, total: 0, attempts: null, pace_per_hour: null };
  return { scope, name: scope, unit, limit, origin: null, ...unused };
}

/** The same report with each task several times, under other names and at other costs. */
export function repeated(report: ReportData, times: number): ReportData {
  const scale = (cost: number | null, copy: number) =>
    cost === null ? null : cost * 4 ** (copy / times);
  const copies = Array.from({ length: times }, (_, copy) => copy);
  const pairs = copies.flatMap((copy) =>
    report.pairs.map((pair) => ({
      ...pair,
      feature_id: `${pair.feature_id}-${String(copy)}`,
      baseline_cost: scale(pair.baseline_cost, copy),
      candidate_cost: scale(pair.candidate_cost, times - copy),
    })),
  );
  const schedule = copies.flatMap((copy) =>
    report.ran.schedule.map((line) => ({
      ...line,
      feature_id: `${line.feature_id}-${String(copy)}`,
      cost: scale(line.cost, copy),
    })),
  );
  return { ...report, pairs, ran: { ...report.ran, schedule } };
}
