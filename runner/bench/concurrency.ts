import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { mean, sum } from "simple-statistics";

import { epochMsOf } from "../../ledger/domain/timestamp.ts";
import { WindowFinalized } from "../../ledger/domain/window.ts";
import { systemClock } from "../platform/environment/environment.ts";
import { packageFolder } from "../platform/environment/package-folder.ts";
import { benchSize } from "./bench-size.ts";

const MS_PER_SECOND = 1000;
const MS_PER_MINUTE = 60_000;
const AT_ONCE = benchSize({ full: 4, short: 2 });
const LATENCY_MS = benchSize({ full: 2000, short: 50 });
/** So that each window has ten requests or more and nearly all its time is the provider's, as with a real model. */
const EXTRA_TURNS = benchSize({ full: 20, short: 1 });
const TASKS = [
  "csv-records",
  "lru-cache",
  "rate-limiter",
  "room-bookings",
  "route-matcher",
  "semver-ranges",
  "text-diff",
  "build-graph",
].slice(0, benchSize({ full: 8, short: 2 }));

/** How many more windows a machine works with four agents than with one, if providers take most of the time. */
export function benchConcurrency(): readonly string[] {
  const [one, many] = [work(1), work(AT_ONCE)];
  return [
    ...[one, many].map(
      ({ concurrency, windows, wallMs, perMinute, agentMs, outsideMs }) =>
        `${concurrency} at once: ${windows} windows in ${seconds(wallMs)}; while so many are at work, ` +
        `${perMinute.toFixed(2)} a minute; a window's agent ${seconds(agentMs)}, ` +
        `its setup and grading ${seconds(outsideMs)}`,
    ),
    `ratio: ${(many.perMinute / one.perMinute).toFixed(2)} (target: at least 3.6)`,
  ];
}

function work(concurrency: number) {
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-bench-"));
  const main = path.join(packageFolder(), "dist", "runner", "cli", "experiment.cjs");
  writeFileSync(path.join(folder, "experiment.yaml"), configurationFor(concurrency));
  try {
    const startedMs = systemClock.monotonicMs();
    execFileSync(process.execPath, [main, "run", "--seed", "42"], { cwd: folder, stdio: "ignore" });
    const wallMs = systemClock.monotonicMs() - startedMs;
    const finals = readFileSync(path.join(folder, ".experiment", "ledger", "windows.jsonl"), "utf8")
      .split("\n")
      .filter((line) => line.includes('"record":"window_finalized"'))
      .map((line) => WindowFinalized.parse(JSON.parse(line)));
    const windows = finals.length;
    const total = sum(finals.map(({ duration_ms }) => duration_ms));
    const agents = sum(finals.map(({ timings }) => timings?.agent_ms ?? 0));
    return {
      concurrency,
      windows,
      wallMs,
      perMinute: MS_PER_MINUTE * rateOf(finals, concurrency),
      agentMs: agents / windows,
      outsideMs: (total - agents) / windows,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The same tasks, seed and models each time. */
function configurationFor(concurrency: number): string {
  const profile = `{ latency_ms: ${LATENCY_MS}, extra_turns: ${EXTRA_TURNS} }`;
  return `
name: concurrency
tasks:
  bank: builtin
  include: [${TASKS.join(", ")}]
  replicates: 1
providers:
  large: { driver: builtin-agent, model: model-large, upstream: pretend, windows: ${concurrency} }
  small: { driver: builtin-agent, model: model-small, upstream: pretend, windows: ${concurrency} }
baseline: large
design: { concurrency: ${concurrency} }
upstreams: { pretend: { scripted: { model-large: ${profile}, model-small: ${profile} } } }
`;
}

/**
 * Windows a millisecond until fewer than `concurrency` are at work for good, because the end of a session says nothing
 * of the rate: how many are at work, over the time that a window of the session takes.
 */
function rateOf(finals: readonly WindowFinalized[], concurrency: number): number {
  const spans = finals.map(({ opened_at, duration_ms }) => {
    const fromMs = epochMsOf(opened_at);
    return { fromMs, toMs: fromMs + duration_ms };
  });
  const countAt = (ms: number) =>
    spans.filter(({ fromMs, toMs }) => fromMs < ms && toMs >= ms).length;
  const ends = spans.map(({ toMs }) => toMs).filter((ms) => countAt(ms) >= concurrency);
  if (ends.length === 0) throw new Error(`Never were ${concurrency} windows at work at once.`);
  const [startMs, untilMs] = [Math.min(...spans.map(({ fromMs }) => fromMs)), Math.max(...ends)];
  const workedMs = sum(
    spans.map(({ fromMs, toMs }) => Math.max(0, Math.min(toMs, untilMs) - fromMs)),
  );
  return workedMs / (untilMs - startMs) / mean(spans.map(({ fromMs, toMs }) => toMs - fromMs));
}

function seconds(ms: number): string {
  return `${(ms / MS_PER_SECOND).toFixed(1)} s`;
}
