import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

import { PROOF_FILE } from "../bank/read-task-folder.ts";

const Names = z.array(z.string()).readonly();

/** What a proof of a task found, as `proof.json` beside `task.yaml` has it. */
export const Proof = z
  .looseObject({
    /** When it was made. */
    at: z.string(),
    /** The task's digest: a task that was changed since has another one. */
    digest: z.string(),
    ok: z.boolean(),
    language: z.string(),
    /** Lines that the reference solution adds and removes, and its files. */
    lines: z.int(),
    files: z.int(),
    /** Runs with the reference solution. */
    runs: z.int(),
    fail_to_pass: Names,
    pass_to_pass: Names,
    /** Tests that do not always end alike, so that they are left out. */
    flaky: Names,
    canaries: Names,
  })
  .readonly();
export type Proof = z.infer<typeof Proof>;

/** Reads the proof in a task's folder; undefined if there is none. */
export function readProof(folder: string): Proof | undefined {
  const file = path.join(folder, PROOF_FILE);
  if (!existsSync(file)) return undefined;
  try {
    return Proof.safeParse(JSON.parse(readFileSync(file, "utf8"))).data;
  } catch {
    return undefined;
  }
}

export function writeProof(folder: string, proof: Proof): void {
  writeFileSync(path.join(folder, PROOF_FILE), `${JSON.stringify(proof, null, 2)}\n`);
}
