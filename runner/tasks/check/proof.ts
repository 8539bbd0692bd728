import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

import { parseJson } from "../../platform/json/json-value.ts";
import { PROOF_FILE } from "../bank/read-task-folder.ts";
import type { Task } from "../bank/task.ts";

const Names = z.array(z.string()).readonly();

const Head = {
  /** When it was made. */
  at: z.string(),
  /** The task's digest: a task that was changed since has another one. */
  digest: z.string(),
  ok: z.boolean(),
  language: z.string(),
  /** Lines that the reference solution adds and removes, and its files. */
  lines: z.int(),
  files: z.int(),
};

/** What a proof of a task with a repository's own tests found. */
export const TestsProof = z
  .looseObject({
    ...Head,
    /** Runs with the reference solution. */
    runs: z.int(),
    fail_to_pass: Names,
    pass_to_pass: Names,
    /** Tests that do not always end alike, so that they are left out. */
    flaky: Names,
    canaries: Names,
  })
  .readonly();
export type TestsProof = z.infer<typeof TestsProof>;

/** What the full proof of a task in Gherkin found. */
const SuiteProof = z
  .looseObject({
    ...Head,
    /** Solutions that were graded as the task says, cheats and attacks that scored 0, and what failed. */
    claims: z.int(),
    failed: Names,
    /** Small changes of the solution: all, those that are not faults, and those that a scenario noticed. */
    mutants: z.int(),
    equivalent: z.int(),
    killed: z.int(),
  })
  .readonly();
export type SuiteProof = z.infer<typeof SuiteProof>;

/** `proof.json` in the folder of `task.yaml`. */
const Proof = z.union([TestsProof, SuiteProof]);
export type Proof = z.infer<typeof Proof>;

/** Reads the proof in a task's folder; undefined if there is none. */
export function readProof(folder: string): Proof | undefined {
  const file = path.join(folder, PROOF_FILE);
  if (!existsSync(file)) return undefined;
  return Proof.safeParse(parseJson(readFileSync(file, "utf8"))).data;
}

/** Whether a task was proven as it is now. */
export function isProven({ folder, digest }: Task): boolean {
  const proof = readProof(folder);
  return proof !== undefined && proof.ok && proof.digest === digest;
}

export function writeProof(folder: string, proof: Proof): void {
  writeFileSync(path.join(folder, PROOF_FILE), `${JSON.stringify(proof, null, 2)}\n`);
}

/** When a task was last proven, and whether it has changed since; null if it has no proof. */
export interface ProofFacts {
  readonly proven: string | null;
  readonly proofHolds: boolean | null;
}

export function proofFacts({ folder, digest }: Task): ProofFacts {
  const proof = readProof(folder);
  if (proof === undefined) return { proven: null, proofHolds: null };
  return { proven: proof.at, proofHolds: proof.ok && proof.digest === digest };
}
