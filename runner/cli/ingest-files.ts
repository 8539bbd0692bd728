import { closeSync, createReadStream, globSync, openSync, readSync, statSync } from "node:fs";
import path from "node:path";

import type { UsageSource } from "../../ledger/sources/usage-source.ts";
import type { Environment } from "../environment.ts";
import { TrackerUsageError } from "../tracker/tracker-errors.ts";
import { reasonOf } from "./result.ts";

/** A file, or the logs in a folder, in the order of their names. */
export function filesOf(
  named: string,
  { pattern }: UsageSource,
  { cwd }: Environment,
): readonly string[] {
  const file = path.resolve(cwd, named);
  const isFolder = statSync(file, { throwIfNoEntry: false })?.isDirectory();
  if (isFolder === undefined) {
    throw new TrackerUsageError(
      `${file}: expected a file or a folder, got nothing there. Correct its name.`,
    );
  }
  if (!isFolder) return [file];
  const found = globSync(pattern, { cwd: file }).map((name) => path.join(file, name));
  return found.filter((one) => statSync(one).isFile()).toSorted();
}

/** One file is read after the other, and each chunk is used up before the next one. */
const CHUNK = Buffer.allocUnsafe(1024 * 1024);

/** Chunks of a file, each of them valid until the next one. */
export async function* openFile(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* statSync(file).isFile() ? chunksOf(file) : createReadStream(file);
  } catch (cause) {
    throw new TrackerUsageError(
      `${file}: expected a file that can be read, got: ${reasonOf(cause)}. Correct its rights, or leave it out.`,
      { cause },
    );
  }
}

/** Waits for the disk: a wait in another thread would take longer for each of many small files. */
function* chunksOf(file: string): Generator<Uint8Array> {
  const descriptor = openSync(file, "r");
  try {
    for (;;) {
      const bytes = readSync(descriptor, CHUNK);
      if (bytes === 0) return;
      yield CHUNK.subarray(0, bytes);
    }
  } finally {
    closeSync(descriptor);
  }
}

export async function* bytesOf(stream: NodeJS.ReadableStream): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) yield Buffer.from(chunk);
}
