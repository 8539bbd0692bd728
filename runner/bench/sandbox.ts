import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { z } from "zod";

import { benchSize } from "./bench-size.ts";
import { builtScript } from "./built-script.ts";

const SIZES = [
  benchSize({ full: 15, short: 1 }),
  benchSize({ full: 5, short: 1 }),
  benchSize({ full: 2000, short: 20 }),
];
const Sides = z.object({ bare: z.number(), sandboxed: z.number() });
const Measured = z.object({ startMs: Sides, requestMs: Sides });

/** What a sandbox costs a window, Node included, and what its way to the proxy costs a request. */
export function benchSandbox(): readonly string[] {
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-bench-"));
  const script = builtScript(path.join(import.meta.dirname, "sandbox-worker.ts"), folder);
  const said = execFileSync(process.execPath, [script, ...SIZES.map(String)], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  const { startMs, requestMs } = Measured.parse(JSON.parse(said));
  return [
    `a window: ${describe(startMs, 0)} (target: at most 250 ms)`,
    `a request at p50: ${describe(requestMs, 3)} (target: at most 0.1 ms)`,
  ];
}

function describe({ bare, sandboxed }: z.infer<typeof Sides>, digits: number): string {
  const [without, within, more] = [bare, sandboxed, sandboxed - bare].map((ms) =>
    ms.toFixed(digits),
  );
  return `${String(without)} ms without a sandbox, ${String(within)} ms in one, ${String(more)} ms more`;
}
