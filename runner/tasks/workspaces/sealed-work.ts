import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, mkdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";

import { FailedError } from "../../../ledger/domain/errors.ts";
import type { SealedWork } from "../../../ledger/domain/window.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { initRepository } from "../../platform/git/repository.ts";
import { type GitEnvironment, runGit } from "../../platform/git/run-git.ts";
import type { Task } from "../bank/task.ts";
import { borrowRepository } from "../setup/commit-repository.ts";
import { prepareSetup } from "../setup/prepare-setup.ts";
import type { CommitSpan } from "./measure-churn.ts";
import { placeEntries } from "./read-entries.ts";

const BYTES_MAX = 64 * 1024 * 1024;

/** The bundle that a row cites is gone, or is not what the row cites. */
export class SealedWorkLostError extends FailedError {}

/**
 * Keeps the sealed work as a git bundle among the captures, named by its hash.
 * @returns how a row cites it; null if it is larger than what is kept.
 */
export async function keepSealedWork(
  { gitDir, commitStart, commitEnd }: CommitSpan,
  { captures, task }: { readonly captures: string; readonly task: Pick<Task, "kind"> },
  environment: GitEnvironment,
): Promise<SealedWork | null> {
  const draft = path.join(gitDir, "work.bundle");
  const revisions =
    task.kind === "gherkin"
      ? ["refs/heads/main"]
      : await changesOnly({ gitDir, commitStart, commitEnd }, environment);
  const args = ["-c", "pack.threads=1", "bundle", "create", "--quiet", draft, ...revisions];
  await runGit({ gitDir, args }, environment);
  if ((await stat(draft)).size > BYTES_MAX) {
    await rm(draft);
    return null;
  }
  const sha256 = await hashOf(draft);
  const name = `${sha256}.bundle`;
  await mkdir(captures, { recursive: true });
  await moveFile(draft, path.join(captures, name));
  return { file: `${path.basename(captures)}/${name}`, sha256, commit: commitEnd };
}

/**
 * The history of a repository is in its task's commit, so that only the work is kept. A bundle can't be
 * empty, and an untouched workspace gets a commit that says nothing.
 */
async function changesOnly(
  { gitDir, commitStart, commitEnd }: CommitSpan,
  environment: GitEnvironment,
): Promise<readonly string[]> {
  const kept = "refs/heads/kept";
  const message = ["-m", "Sealed work"];
  const identity = ["-c", "user.name=Counterbalance", "-c", "user.email=counterbalance@localhost"];
  const args = [...identity, "commit-tree", `${commitEnd}^{tree}`, "-p", commitEnd, ...message];
  const commit = (await runGit({ gitDir, args }, environment)).trim();
  await runGit({ gitDir, args: ["update-ref", kept, commit] }, environment);
  return [kept, `^${commitStart}`];
}

/** Writes the sealed work into an empty folder, and its commits next to that folder. @throws SealedWorkLostError */
export async function restoreSealedWork(
  { file, sha256, commit }: SealedWork,
  place: { readonly dataFolder: string; readonly folder: string; readonly task: Task },
  environment: Environment,
): Promise<CommitSpan> {
  const bundle = path.resolve(place.dataFolder, file);
  const found = await hashOf(bundle).catch(() => null);
  if (found !== sha256) {
    const got = found === null ? "no file that can be read" : `the SHA-256 ${found}`;
    throw new SealedWorkLostError(
      `${bundle}: expected the sealed work with the SHA-256 ${sha256}, got ${got}. Restore it from a copy; the window can't be graded again without it.`,
    );
  }
  const { folder, task } = place;
  const gitDir = `${folder}.git`;
  if (task.kind === "gherkin") {
    await initRepository(gitDir);
    await runGit({ gitDir, args: ["bundle", "unbundle", bundle] }, environment);
    await placeEntries({ gitDir, commit }, folder, environment);
    return { gitDir, commitStart: commit, commitEnd: commit };
  }
  const { repository, commitStart } = await prepareSetup(task, environment);
  await borrowRepository(repository, gitDir, { commit: commitStart, environment });
  await runGit({ gitDir, args: ["bundle", "unbundle", bundle] }, environment);
  return { gitDir, commitStart, commitEnd: commit };
}

/** The SHA-256 of a file's bytes, hex. */
export async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** The data folder may be on another disk. */
async function moveFile(from: string, to: string): Promise<void> {
  const near = `${to}.${String(process.pid)}`;
  try {
    await copyFile(from, near);
    await rename(near, to);
  } finally {
    await rm(near, { force: true });
    await rm(from, { force: true });
  }
}
