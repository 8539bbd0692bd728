import { analyseCandidate } from "../../reports/statistics/candidate/analyse-candidate.ts";
import { measureLooks } from "./analysis/look-costs.ts";
import { madeUpWindows, PROVIDERS, REQUESTS_A_WINDOW } from "./analysis/made-up-windows.ts";
import { benchSize } from "./bench-size.ts";

const PAIRS = benchSize({ full: 5000, short: 300 });
const SESSION_PAIRS = benchSize({ full: 500, short: 10 });
const LOOKS_AT = [PAIRS / 100, PAIRS / 10, PAIRS / 5, PAIRS];
/** Looked at before, as in a session: what they read is known at the look that is measured. */
const JUST_BEFORE = LOOKS_AT.flatMap((pairs) => [pairs - 2, pairs - 1]);
const MICROSECONDS_PER_MS = 1000;

/** The statistics alone on one core, and what a look costs a session with the ledger's files left out. */
export async function benchAnalysis(): Promise<readonly string[]> {
  const windows = madeUpWindows(PAIRS);
  const [baseline, candidate] = PROVIDERS;
  const before = cpuMs();
  const analysis = analyseCandidate({ windows, baseline, candidate, rootSeed: "1" });
  // Some of it is computed when it is first read.
  JSON.stringify(analysis);
  const analysisMs = cpuMs() - before;
  const { latency, cost } = analysis;
  const session = await measureLooks(SESSION_PAIRS, cpuMs);
  const single = await measureLooks(PAIRS, cpuMs, [...JUST_BEFORE, ...LOOKS_AT]);
  return [
    `full analysis of ${String(windows.length)} windows of ${String(REQUESTS_A_WINDOW)} requests, ` +
      `1,999 bootstrap replicates: ${seconds(analysisMs)} CPU ` +
      `(ratio ${cost.rounds.ratio?.toFixed(3) ?? "n/a"}, p95 ratio ${latency.ratio?.toFixed(3) ?? "n/a"})`,
    "target: at most 5 s on one core",
    `a session of ${String(SESSION_PAIRS)} pairs with a look after each: ${seconds(session.totalMs)} CPU for all looks`,
    ...LOOKS_AT.map(
      (pairs) =>
        `looks, gates and stop rules at ${String(pairs)} pairs: ${(single.atPairs.get(pairs) ?? 0).toFixed(0)} ms CPU`,
    ),
    "target: at most 100 ms at 500 pairs and 1 s at 5,000",
  ];
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / MICROSECONDS_PER_MS;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
