import assert from "node:assert/strict";
import { createHash } from "node:crypto";

import canonicalize from "canonicalize";

import { ExperimentRegistered } from "../../ledger/domain/experiment.ts";
import { DEFAULT_GATES } from "../../reports/looks/gate-file.ts";
import type { ExperimentWorld } from "./world.ts";

/** The hash of the gate file that was registered, or of the default one; computed without the product's help. */
export function registeredGatesHash(world: ExperimentWorld): string {
  const [row] = world.rowsOf("experiments", "experiment_registered");
  if (row === undefined) return gateFileHash(DEFAULT_GATES);
  const { sha256, ...gates } = Object(ExperimentRegistered.parse(row).registration["gates"]);
  assert.equal(sha256, gateFileHash(gates));
  return sha256;
}

/** SHA-256 (hex) of the canonical JSON of a gate file's values. */
export function gateFileHash(gates: object): string {
  return createHash("sha256")
    .update(canonicalize(gates) ?? "")
    .digest("hex");
}
