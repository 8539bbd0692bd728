import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import path from "node:path";

import { z } from "zod";

const UNUSED_MAX_MS = 30 * 24 * 3_600_000;
/** The head is padded with spaces to this length. */
const HEAD_BYTES = 4_096;

const Head = z.object({
  madeOf: z.string(),
  /** The length of each part. */
  bytes: z.array(z.int().nonnegative()),
  /** Only who has the key can compute it: HMAC-SHA256 over all of this and the parts. */
  mac: z.string(),
});

/** A place in the cache. */
export interface Kept {
  readonly file: string;
  /** What its content is made of. */
  readonly madeOf: string;
  /** The user's own, which nobody else can read. */
  readonly key: Buffer;
}

type KeptParts = readonly Uint8Array<ArrayBuffer>[];

/**
 * The parts that were kept there; undefined if none were, if they were made of something else, or if somebody
 * without the key has written them.
 */
export function readKept(kept: Kept): KeptParts | undefined {
  try {
    const descriptor = openSync(kept.file, "r");
    try {
      return readParts(descriptor, kept);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

function readParts(descriptor: number, kept: Kept): KeptParts | undefined {
  const head = Head.parse(JSON.parse(Buffer.from(readBytes(descriptor, HEAD_BYTES)).toString()));
  const bytes = head.bytes.reduce((sum, one) => sum + one, HEAD_BYTES);
  if (head.madeOf !== kept.madeOf || fstatSync(descriptor).size !== bytes) return undefined;
  const parts = head.bytes.map((length) => readBytes(descriptor, length));
  return timingSafeEqual(Buffer.from(head.mac, "hex"), macOf(kept, parts)) ? parts : undefined;
}

/** Each part has memory of its own, which is freed as soon as it is not needed. */
function readBytes(descriptor: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const bytesRead = readSync(descriptor, bytes, filled, length - filled, null);
    if (bytesRead === 0) return bytes.subarray(0, filled);
    filled += bytesRead;
  }
  return bytes;
}

/** Keeps parts for the next command. If the folder can't be written, that command does the work again. */
export function keep(kept: Kept, parts: readonly Uint8Array[], nowMs: number): void {
  const { file } = kept;
  const unfinished = `${file}.${randomUUID()}`;
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    dropUnused(path.dirname(file), nowMs);
    try {
      writeParts({ ...kept, file: unfinished }, parts);
      renameSync(unfinished, file);
    } finally {
      rmSync(unfinished, { force: true });
    }
  } catch {
    // The command has its figures already.
  }
}

function writeParts(kept: Kept, parts: readonly Uint8Array[]): void {
  const mac = macOf(kept, parts).toString("hex");
  const head = JSON.stringify({ madeOf: kept.madeOf, bytes: lengthsOf(parts), mac });
  const descriptor = openSync(kept.file, "wx", 0o600);
  try {
    for (const bytes of [Buffer.from(head.padEnd(HEAD_BYTES)), ...parts]) {
      for (let at = 0; at < bytes.byteLength;) at += writeSync(descriptor, bytes, at);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Files that no command has written for a month. */
function dropUnused(folder: string, nowMs: number): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    // Folders are of others.
    if (entry.isFile() && nowMs - statSync(file).mtimeMs > UNUSED_MAX_MS) {
      rmSync(file, { force: true });
    }
  }
}

function macOf({ madeOf, key }: Omit<Kept, "file">, parts: readonly Uint8Array[]): Buffer {
  const mac = createHmac("sha256", key).update(JSON.stringify([madeOf, lengthsOf(parts)]));
  for (const part of parts) mac.update(part);
  return mac.digest();
}

function lengthsOf(parts: readonly Uint8Array[]): readonly number[] {
  return parts.map(({ byteLength }) => byteLength);
}
