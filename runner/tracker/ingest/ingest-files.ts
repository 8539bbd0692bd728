import {
  closeSync,
  createReadStream,
  type Dirent,
  openSync,
  readdirSync,
  readSync,
  statSync,
} from "node:fs";
import path from "node:path";

import { reasonOf } from "../../../ledger/domain/errors.ts";
import type { UsageSource } from "../../../ledger/sources/usage-source.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { TrackerUsageError } from "../windows/tracker-errors.ts";
import { isDatabase, messagesIn } from "./read-database.ts";

/** A file, or the logs in a folder, in the order of their names. */
export function filesOf(
  named: string,
  { names }: UsageSource,
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
  return [...filesBelow(file, names)].toSorted();
}

/** Hidden files and folders are left out. The first glob of Node would take as long as 20 MB of logs. */
function* filesBelow(folder: string, names: readonly string[]): Generator<string> {
  for (const entry of entriesOf(folder)) {
    const file = path.join(folder, entry.name);
    if (entry.name.startsWith(".")) continue;
    if (entry.isDirectory()) yield* filesBelow(file, names);
    else if (names.some((name) => isLike(entry.name, name)) && isFile(entry, file)) yield file;
  }
}

/** Folders are moved away while they are watched. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function isLike(name: string, pattern: string): boolean {
  const [start = "", end = ""] = pattern.split("*");
  return name.startsWith(start) && name.endsWith(end);
}

/** Links may lead nowhere. */
function isFile(entry: Dirent, file: string): boolean {
  if (!entry.isSymbolicLink()) return entry.isFile();
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

/** One file is read after the other, and each chunk is used up before the next one. */
const CHUNK = Buffer.allocUnsafe(1024 * 1024);

/** Chunks of a file, each of them valid until the next one. */
export async function* openFile(file: string): AsyncGenerator<Uint8Array> {
  try {
    if (!statSync(file).isFile()) yield* createReadStream(file);
    else yield* isDatabase(file) ? messagesIn(file) : chunksOf(file);
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

const NEWLINE = 0x0a;

/** Leaves the line out that a log ends within; `cut` is called if there is one. */
export async function* wholeLines(
  chunks: AsyncIterable<Uint8Array>,
  cut: () => void,
): AsyncGenerator<Uint8Array> {
  let held: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > 0) yield Buffer.concat([held, chunk.subarray(0, end)]);
    held = Buffer.concat([...(end > 0 ? [] : [held]), chunk.subarray(end)]);
  }
  if (held.length > 0) cut();
}

const BEGINNING_BYTES = 64 * 1024;

/** Keeps a copy of the first bytes of what is read. */
export class Beginning {
  #bytes = Buffer.alloc(0);

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  async *of(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      const room = BEGINNING_BYTES - this.#bytes.length;
      if (room > 0) this.#bytes = Buffer.concat([this.#bytes, chunk.subarray(0, room)]);
      yield chunk;
    }
  }
}

/** Calls back if no byte comes. */
export async function* orNothing(
  chunks: AsyncIterable<Uint8Array>,
  nothing: () => void,
): AsyncGenerator<Uint8Array> {
  let isEmpty = true;
  for await (const chunk of chunks) {
    isEmpty &&= chunk.length === 0;
    yield chunk;
  }
  if (isEmpty) nothing();
}

export async function* bytesOf(stream: NodeJS.ReadableStream): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) yield Buffer.from(chunk);
}
