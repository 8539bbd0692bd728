import { execFileSync } from "node:child_process";

import { benchSize } from "./bench-size.ts";

/** The work of one process. */
export interface OverheadRun {
  readonly windows: number;
  readonly synced: boolean;
  /** Whether looks, gates and stop rules are kept after every window, one unit at a time. */
  readonly hasRules: boolean;
}

/** What one run of the harness without agents took. */
export interface OverheadFigures {
  readonly windows: number;
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly peakMiB: number;
}

const LARGEST = benchSize({ full: 10_000, short: 80 });
const SIZES = [LARGEST / 8, LARGEST / 4, LARGEST / 2, LARGEST];
/** A look goes over all pairs before it: more of them take minutes. */
const LARGEST_WITH_RULES = benchSize({ full: 1000, short: 40 });
const SIZES_WITH_RULES = [20, 10, 4, 2, 1].map((part) => LARGEST_WITH_RULES / part);

/** The harness alone: sessions with an in-process provider that does nothing, each in a process of its own. */
export function benchOverhead(): readonly string[] {
  const alone = { synced: true, hasRules: false };
  const empty = measure({ windows: 0, ...alone });
  const figures = SIZES.map((windows) => measure({ windows, ...alone }));
  const unsynced = measure({ windows: SIZES.at(-1) ?? 0, synced: false, hasRules: false });
  const ruled = SIZES_WITH_RULES.map((windows) =>
    measure({ windows, synced: true, hasRules: true }),
  );
  return [
    `starting the process with an empty plan: ${empty.cpuMs.toFixed(0)} ms CPU, ${empty.peakMiB.toFixed(0)} MiB`,
    ...figures.map((one) => describe(one, empty)),
    `without fdatasync: ${describe(unsynced, empty)}`,
    "target: linear; at most 1 ms CPU a window and 300 MiB peak at 10,000 windows",
    "with 20 requests a window, and looks, gates and stop rules after every window:",
    ...ruled.map((one) => describe(one, empty)),
  ];
}

function measure(run: OverheadRun): OverheadFigures {
  const entry = new URL("overhead-run.ts", import.meta.url).pathname;
  const output = execFileSync(process.execPath, [entry, JSON.stringify(run)], {
    encoding: "utf8",
  });
  const figures: OverheadFigures = JSON.parse(output);
  return figures;
}

function describe(figures: OverheadFigures, empty: OverheadFigures): string {
  const { windows, cpuMs, wallMs, peakMiB } = figures;
  const perWindow = (cpuMs - empty.cpuMs) / windows;
  return (
    `${String(windows)} windows: ${perWindow.toFixed(3)} ms CPU a window, ` +
    `${(wallMs / 1000).toFixed(1)} s wall, ${peakMiB.toFixed(0)} MiB peak`
  );
}
