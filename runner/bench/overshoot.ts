import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import {
  type OvershootFigures,
  runOvershoot,
} from "../gateway/proxy/test-support/run-overshoot.ts";
import { benchSize } from "./bench-size.ts";
import { listenForInterrupt } from "./interrupt.ts";

const RUNS = benchSize({ full: 100, short: 1, variable: "BENCH_RUNS" });
const CLIENTS = 64;
const DURATION_MS = benchSize({ full: 3000, short: 300 });

/**
 * Many clients at one cap: what is spent above it against what was in flight, run by run. An interrupt
 * ends it after the run that is under way.
 */
export async function benchOvershoot(): Promise<readonly string[]> {
  using interrupt = listenForInterrupt();
  const all: OvershootFigures[] = [];
  for (let run = 0; run < RUNS && !interrupt.signal.aborted; run += 1) {
    const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-overshoot-"));
    const seed = `run ${String(run)}`;
    const figures = await runOvershoot({ clients: CLIENTS, durationMs: DURATION_MS, seed, folder });
    rmSync(folder, { recursive: true });
    all.push(figures);
    process.stderr.write(
      `run ${String(run + 1)} of ${String(RUNS)}: ${String(figures.overshoot)} over, ${String(figures.inFlightTokens)} in flight\n`,
    );
  }
  const worst = all.reduce((one, other) => (other.overshoot > one.overshoot ? other : one));
  const within = all.filter(({ overshoot, inFlightTokens }) => overshoot <= inFlightTokens);
  const once = all.filter(({ refused, stopped }) => refused === CLIENTS && stopped === CLIENTS);
  const over = all.filter(({ overshoot }) => overshoot > 0);
  return [
    `${String(all.length)} of ${String(RUNS)} runs, ${String(CLIENTS)} clients, about ${String(DURATION_MS / 1000)} s each`,
    `overshoot within what was in flight: ${String(within.length)} runs; above the cap at all: ${String(over.length)}`,
    `worst: ${String(worst.overshoot)} tokens over ${String(worst.cap)}, with ${String(worst.inFlightRequests)} requests of ${String(worst.inFlightTokens)} tokens in flight`,
    `every client refused exactly once: ${String(once.length)} runs`,
    "target: every run",
  ];
}
