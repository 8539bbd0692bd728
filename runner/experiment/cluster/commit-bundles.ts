import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { appendFile, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { z } from "zod";

import type { Database } from "../../../ledger/store/postgres/database.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { initRepository } from "../../platform/git/repository.ts";
import { runGit } from "../../platform/git/run-git.ts";
import type { CommitPlaces } from "../../tasks/bank/read-task.ts";
import type { CommandTask, Task } from "../../tasks/bank/task.ts";
import { commitsFolder } from "../../tasks/setup/cache-folder.ts";
import {
  assertUsableCommit,
  borrowRepository,
  gitFolderOf,
  PACK_LIMIT_MS,
} from "../../tasks/setup/commit-repository.ts";

const PART_BYTES = 4 * 1024 * 1024;

/** A git bundle in the store: the commits that tasks of one repository start from, with their history. */
export const CommitBundle = z.object({
  /** SHA-256 (hex) over the sorted hashes of the commits. */
  name: z.string().regex(/^[0-9a-f]{64}$/u),
  /** Full hashes. */
  commits: z.array(z.string().regex(/^[0-9a-f]{40,64}$/u)),
});
type CommitBundle = z.infer<typeof CommitBundle>;

interface Ends {
  readonly database: Pick<Database, "pool" | "transaction">;
  readonly environment: Environment;
}

/** Puts the commits of tasks into the store, one bundle for each repository, unless it has them. */
export async function sendCommits(tasks: Iterable<Task>, ends: Ends): Promise<CommitBundle[]> {
  const ofCommits = [...tasks].filter((task): task is CommandTask => task.kind === "command");
  const sent: CommitBundle[] = [];
  for (const [source, group] of Map.groupBy(ofCommits, sourceOf)) {
    const commits = [...new Set(group.map(({ workspace }) => workspace.commit))].toSorted();
    const name = createHash("sha256").update(commits.join("\n")).digest("hex");
    const bundle = { name, commits };
    const stored = await ends.database.pool.query(
      "select from counterbalance.bundles where name = $1",
      [name],
    );
    if (stored.rowCount === 0) {
      // Their setups may have been kept from a repository that had more.
      for (const task of group) await assertUsableCommit(task, source, ends.environment);
      await sendBundle(source, bundle, ends);
    }
    sent.push(bundle);
  }
  return sent;
}

function sourceOf({ workspace }: CommandTask): string {
  return gitFolderOf(workspace.repo);
}

async function sendBundle(
  source: string,
  { name, commits }: CommitBundle,
  { database, environment }: Ends,
): Promise<void> {
  const draft = await mkdtemp(path.join(tmpdir(), "counterbalance-bundle-"));
  try {
    const gitDir = path.join(draft, "repository.git");
    const file = path.join(draft, "commits.bundle");
    const [commit = ""] = commits;
    await borrowRepository(source, gitDir, { commit, environment });
    await nameCommits(gitDir, commits, environment);
    const args = ["bundle", "create", "--quiet", file, "--all"];
    await runGit({ gitDir, args, limitMs: PACK_LIMIT_MS }, environment);
    const shallow = path.join(gitDir, "shallow");
    await database.transaction(async (client) => {
      const inserted = await client.query(
        "insert into counterbalance.bundles (name, shallow) values ($1, $2) on conflict do nothing",
        [name, existsSync(shallow) ? readFileSync(shallow, "utf8") : ""],
      );
      if (inserted.rowCount === 0) return;
      let part = 0;
      for await (const content of createReadStream(file, { highWaterMark: PART_BYTES })) {
        await client.query(
          "insert into counterbalance.bundle_parts (name, part, content) values ($1, $2, $3)",
          [name, part, content],
        );
        part += 1;
      }
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/**
 * Fetches the commits of an experiment's tasks from the store, once for each machine. git checks every
 * object by its hash, and the tasks name the commits: what the store has can't be another commit.
 * @returns the repository of each commit.
 */
export async function receiveCommits(
  bundles: readonly CommitBundle[],
  ends: Ends,
): Promise<CommitPlaces> {
  const places = new Map<string, string>();
  for (const bundle of bundles) {
    const folder = path.join(commitsFolder(ends.environment), `${bundle.name}.git`);
    if (!existsSync(folder)) await receiveBundle(bundle, folder, ends);
    for (const commit of bundle.commits) places.set(commit, folder);
  }
  return places;
}

async function receiveBundle(
  { name, commits }: CommitBundle,
  folder: string,
  { database, environment }: Ends,
): Promise<void> {
  await mkdir(path.dirname(folder), { recursive: true });
  const draft = await mkdtemp(`${folder}-`);
  try {
    const gitDir = path.join(draft, "repository.git");
    const file = path.join(draft, "commits.bundle");
    const shallow = await download(name, file, database);
    await initRepository(gitDir);
    if (shallow !== "") await writeFile(path.join(gitDir, "shallow"), shallow);
    const args = ["bundle", "unbundle", file];
    await runGit({ gitDir, args, limitMs: PACK_LIMIT_MS }, environment);
    await nameCommits(gitDir, commits, environment);
    await rename(gitDir, folder).catch((error: unknown) => {
      // Another worker of this machine was first.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Writes a bundle to a file. Returns the commits at which its history is cut, as git's file `shallow` has them. */
async function download(name: string, file: string, { pool }: Ends["database"]): Promise<string> {
  const { rows } = await pool.query<{ shallow: string }>(
    "select shallow from counterbalance.bundles where name = $1",
    [name],
  );
  const [bundle] = rows;
  if (bundle === undefined) {
    throw new ConfigurationError(
      "the store lacks the commits of its tasks. End the run, and start it again with --resume: it sends them",
    );
  }
  for (let part = 0; ; part += 1) {
    const { rows: parts } = await pool.query<{ content: Buffer }>(
      "select content from counterbalance.bundle_parts where name = $1 and part = $2",
      [name, part],
    );
    const [found] = parts;
    if (found === undefined) return bundle.shallow;
    await appendFile(file, found.content);
  }
}

/** Without a name a commit is not part of a bundle, and git may remove it. */
async function nameCommits(
  gitDir: string,
  commits: readonly string[],
  environment: Environment,
): Promise<void> {
  for (const commit of commits) {
    await runGit({ gitDir, args: ["update-ref", `refs/heads/${commit}`, commit] }, environment);
  }
}
