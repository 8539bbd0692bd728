import { rmSync } from "node:fs";

import { After, setDefaultTimeout, Status } from "@cucumber/cucumber";

import type { ExperimentWorld } from "./world.ts";

/** Longer than any wait of a step, and than the check of a task with solutions that hang on purpose. */
const STEP_MS_MAX = 30 * 60_000;

setDefaultTimeout(STEP_MS_MAX);

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
