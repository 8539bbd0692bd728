import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { processEnvironment } from "../platform/environment/environment.ts";
import { cloneFolder, endOverlays } from "../platform/git/clone-folder.ts";
import { enterOverlayNamespace } from "../tasks/setup/overlay-namespace.ts";
import { benchSize } from "./bench-size.ts";

const FILES = benchSize({ full: 5000, short: 50 });
const FILE_BYTES = 100_000;
const MIB = 1024 ** 2;

/** How long a window waits for a clone of a prepared folder, as a reflink, an overlay, or a copy. */
export async function* benchSetup(): AsyncIterable<string> {
  const environment = processEnvironment();
  await enterOverlayNamespace(tmpdir(), environment);
  const root = mkdtempSync(path.join(tmpdir(), "counterbalance-bench-"));
  try {
    const from = path.join(root, "prepared");
    fill(from);
    for (const canMount of new Set([environment.canMount, false])) {
      const to = path.join(root, `clone-${String(canMount)}`);
      const startedMs = performance.now();
      const kind = await cloneFolder(from, to, { ...environment, canMount });
      const seconds = (performance.now() - startedMs) / 1000;
      const size = `${String(Math.round((FILES * FILE_BYTES) / MIB))} MiB, ${String(FILES)} files`;
      yield `${size}: ready by ${kind} in ${seconds.toFixed(2)} s`;
    }
  } finally {
    await endOverlays(root);
    rmSync(root, { recursive: true, force: true });
  }
}

function fill(folder: string): void {
  const bytes = Buffer.alloc(FILE_BYTES, "x");
  for (let index = 0; index < FILES; index += 1) {
    const place = path.join(folder, String(index % 100));
    mkdirSync(place, { recursive: true });
    writeFileSync(path.join(place, `${String(index)}.js`), bytes);
  }
  execFileSync("sync");
}
