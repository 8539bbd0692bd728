import { execFileSync } from "node:child_process";

/** What one run of the harness without agents took. */
export interface OverheadFigures {
  readonly windows: number;
  readonly synced: boolean;
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly peakMiB: number;
}

const SIZES = [1250, 2500, 5000, 10_000];

/** The harness alone: sessions with an in-process provider that does nothing, each in a process of its own. */
export function benchOverhead(): readonly string[] {
  const empty = measure(0, true);
  const synced = SIZES.map((windows) => measure(windows, true));
  const unsynced = measure(SIZES.at(-1) ?? 0, false);
  return [
    `starting the process with an empty plan: ${empty.cpuMs.toFixed(0)} ms CPU, ${empty.peakMiB.toFixed(0)} MiB`,
    ...synced.map((figures) => describe(figures, empty)),
    `without fdatasync: ${describe(unsynced, empty)}`,
    "target: linear; at most 1 ms CPU a window and 300 MiB peak at 10,000 windows",
  ];
}

function measure(windows: number, synced: boolean): OverheadFigures {
  const entry = new URL("overhead-run.ts", import.meta.url).pathname;
  const output = execFileSync(process.execPath, [entry, String(windows), String(synced)], {
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
