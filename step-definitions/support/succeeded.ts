import assert from "node:assert/strict";

import { keepLedger } from "./lab.ts";
import type { ExperimentWorld } from "./world.ts";

/** The last command has to have done what it was to do. */
export function assertSucceeded(world: ExperimentWorld): void {
  world.isExitCodeSeen = true;
  assert.equal(world.last.exitCode, 0, world.last.stderr);
}

/** The same of a reading, from which the ledger has to stay as it is. */
export function assertTaken(world: ExperimentWorld): void {
  assertSucceeded(world);
  keepLedger(world);
}
