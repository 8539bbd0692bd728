import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import type { FinalizedFact } from "../../../ledger/views/experiment-fact.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { initRepository } from "../../platform/git/repository.ts";
import { GitError, GitMissingError, runGit } from "../../platform/git/run-git.ts";

const LIMIT_MS = 60_000;

/** What a window changed, or why that is not known. */
type Diff = { readonly text: string } | { readonly none: string };

interface DiffPlace {
  /** The data folder. */
  readonly root: string;
  readonly shorten: (text: string) => string;
}

/** What agents changed, from the bundles of their sealed work. One repository takes them all. */
export async function readDiffs(
  finals: readonly FinalizedFact[],
  { root, shorten }: DiffPlace,
  environment: Environment,
): Promise<ReadonlyMap<string, Diff>> {
  const folder = await mkdtemp(path.join(tmpdir(), "counterbalance-diffs-"));
  try {
    const gitDir = path.join(folder, "work.git");
    await initRepository(gitDir);
    const diffs = new Map<string, Diff>();
    for (const final of finals) {
      diffs.set(final.id, await readDiff(final, gitDir, { root, shorten, environment }));
    }
    return diffs;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readDiff(
  { sealed_work: sealed, commit_start: start, commit_end: end }: FinalizedFact,
  gitDir: string,
  { root, shorten, environment }: DiffPlace & { readonly environment: Environment },
): Promise<Diff> {
  if (sealed === undefined) return { none: "the ledger names no kept work." };
  const bundle = path.resolve(root, sealed.file);
  if (start === null || end === null) return { none: `the kept work is ${sealed.file}.` };
  try {
    const run = (...args: readonly string[]) =>
      runGit({ gitDir, args, limitMs: LIMIT_MS }, environment);
    await run("bundle", "unbundle", bundle);
    const text = await run("diff", "--no-color", "--no-ext-diff", "--no-textconv", start, end);
    return text === "" ? { none: "nothing." } : { text: shorten(text) };
  } catch (error) {
    if (error instanceof GitMissingError) return { none: error.message };
    if (!(error instanceof GitError)) throw error;
    return {
      none: `it needs the task's repository. There, "git fetch ${sealed.file} kept" and "git diff ${start} ${end}" show it.`,
    };
  }
}
