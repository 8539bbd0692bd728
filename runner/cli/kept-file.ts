import { createHash, randomUUID } from "node:crypto";
import {
  closeSync,
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

import type { Environment } from "../environment.ts";

const UNUSED_MAX_MS = 30 * 24 * 3_600_000;
/** The head is padded with spaces to this length. */
const HEAD_BYTES = 4_096;

const Head = z.object({
  key: z.string(),
  parts: z.array(z.object({ bytes: z.int().nonnegative(), sha256: z.string() })),
});

/**
 * The user's cache folder, as the XDG Base Directory Specification names it; undefined without a
 * home. A data folder that somebody sends carries no cache, so its figures come from its ledger.
 */
export function cacheFolder({ variables }: Environment): string | undefined {
  const { XDG_CACHE_HOME: given, HOME: home } = variables;
  if (given !== undefined && path.isAbsolute(given)) return path.join(given, "counterbalance");
  return home === undefined || home === "" ? undefined : path.join(home, ".cache/counterbalance");
}

/** A place in the cache, and what its content is made of. */
export interface Kept {
  readonly file: string;
  readonly key: string;
}

type KeptParts = readonly Uint8Array<ArrayBuffer>[];

/** The parts that were kept under the same key; undefined if none were, or if a byte has changed. */
export function readKept({ file, key }: Kept): KeptParts | undefined {
  try {
    const descriptor = openSync(file, "r");
    try {
      return readParts(descriptor, key);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

function readParts(descriptor: number, key: string): KeptParts | undefined {
  const head = Head.parse(JSON.parse(Buffer.from(readBytes(descriptor, HEAD_BYTES)).toString()));
  if (head.key !== hashOf(key)) return undefined;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (const { bytes, sha256 } of head.parts) {
    const part = readBytes(descriptor, bytes);
    if (hashOf(part) !== sha256) return undefined;
    parts.push(part);
  }
  return parts;
}

/** Each part has memory of its own, which is given back as soon as nobody needs it. */
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
export function keep({ file, key }: Kept, parts: readonly Uint8Array[], nowMs: number): void {
  const unfinished = `${file}.${randomUUID()}`;
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    dropUnused(path.dirname(file), nowMs);
    try {
      writeParts({ file: unfinished, key }, parts);
      renameSync(unfinished, file);
    } finally {
      rmSync(unfinished, { force: true });
    }
  } catch {
    // The command has its figures already.
  }
}

function writeParts({ file, key }: Kept, parts: readonly Uint8Array[]): void {
  const sums = parts.map((part) => ({ bytes: part.byteLength, sha256: hashOf(part) }));
  const head = JSON.stringify({ key: hashOf(key), parts: sums });
  const descriptor = openSync(file, "wx", 0o600);
  try {
    for (const bytes of [Buffer.from(head.padEnd(HEAD_BYTES)), ...parts]) {
      for (let at = 0; at < bytes.byteLength;) at += writeSync(descriptor, bytes, at);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** What no command has made anew for a month. */
function dropUnused(folder: string, nowMs: number): void {
  const files = readdirSync(folder).map((name) => path.join(folder, name));
  for (const file of files) {
    if (nowMs - statSync(file).mtimeMs > UNUSED_MAX_MS) rmSync(file, { force: true });
  }
}

function hashOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
