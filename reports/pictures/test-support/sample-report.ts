import seedrandom from "seedrandom";

import type { Filed } from "../../../ledger/views/test-support/sample-ledger.ts";
import { decideExperiment } from "../../decisions/decide-experiment.ts";
import { DEFAULT_GATES } from "../../decisions/gate-file.ts";
import { takeLooks } from "../../decisions/take-looks.ts";
import { gatherEvidence } from "../../evidence/evidence.ts";
import { rowsOf, type SamplePair, viewOf } from "../../evidence/test-support/sample-experiment.ts";
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
