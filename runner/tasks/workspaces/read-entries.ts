import { mkdir } from "node:fs/promises";

import { listTree } from "../../platform/git/list-tree.ts";
import type { TreeEntry } from "../../platform/git/list-tree.ts";
import { type FileEntry, placeEntry } from "../../platform/git/place-entry.ts";
import { type GitEnvironment, GitError, runGitForBytes } from "../../platform/git/run-git.ts";

/** Files that are held in memory at a time. */
const BATCH_BYTES = 32 * 1024 * 1024;
/** What git writes before and after each file is shorter. */
const HEAD_BYTES = 100;
const SUBMODULE = "160000";

interface CommitFiles {
  readonly gitDir: string;
  readonly commit: string;
  /** The wanted files, by their paths; absent: all. */
  readonly isWanted?: (file: string) => boolean;
}

/**
 * Reads files of a commit as they were recorded. A checkout by git would match every file with the rules
 * of the commit's own `.gitattributes`, and the agent can write rules that take git hours.
 */
export async function* readEntries(
  { gitDir, commit, isWanted = () => true }: CommitFiles,
  environment: GitEnvironment,
): AsyncGenerator<FileEntry & Pick<TreeEntry, "file">> {
  const tree = await listTree({ gitDir, tree: commit }, environment);
  const wanted = tree.filter(({ mode, file }) => mode !== SUBMODULE && isWanted(file));
  for (const batch of inBatches(wanted)) {
    const input = async function* () {
      for (const { hash } of batch) yield `${hash}\n`;
    };
    const outputBytesMax = batch.reduce((sum, { bytes }) => sum + bytes + HEAD_BYTES, 0);
    const call = { gitDir, args: ["cat-file", "--batch"], input: input(), outputBytesMax };
    const output = await runGitForBytes(call, environment);
    let at = 0;
    for (const { file, mode, hash, bytes } of batch) {
      const from = output.indexOf("\n", at) + 1;
      const head = output.toString("utf8", at, from);
      if (head !== `${hash} blob ${String(bytes)}\n`) {
        throw new GitError(`${gitDir}: expected the file ${hash} of ${commit}, got: ${head}`);
      }
      yield { file, mode, content: output.subarray(from, from + bytes) };
      at = from + bytes + 1;
    }
  }
}

/** Writes the files of a commit into a folder, as they were recorded. */
export async function placeEntries(
  source: CommitFiles,
  folder: string,
  environment: GitEnvironment,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for await (const { file, ...entry } of readEntries(source, environment)) {
    await placeEntry(folder, file, entry);
  }
}

function inBatches(entries: readonly TreeEntry[]): readonly (readonly TreeEntry[])[] {
  const batches: TreeEntry[][] = [];
  let bytes = BATCH_BYTES;
  for (const entry of entries) {
    if (bytes + entry.bytes > BATCH_BYTES) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)?.push(entry);
    bytes += entry.bytes;
  }
  return batches;
}
