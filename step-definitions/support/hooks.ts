import { rmSync } from "node:fs";

import { After, setDefaultTimeout, Status } from "@cucumber/cucumber";

import type { ExperimentWorld } from "./world.ts";

const STEP_LIMIT_MS = 120_000;

setDefaultTimeout(STEP_LIMIT_MS);

After(async function (this: ExperimentWorld, { result }) {
  try {
    for (const cleanup of this.cleanups.toReversed()) await cleanup();
  } finally {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
  const isUnseen = this.hasRun && !this.isExitCodeSeen && this.last.exitCode !== 0;
  if (result?.status === Status.PASSED && isUnseen) {
    const { exitCode, stderr } = this.last;
    throw new Error(
      `The last command ended with ${String(exitCode)}, which no step looked at:\n${stderr}`,
    );
  }
});
