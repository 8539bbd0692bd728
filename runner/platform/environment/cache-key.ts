import { randomBytes, randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

import { hasCode } from "../../../ledger/domain/errors.ts";
import type { Environment } from "./environment.ts";
import { stateFolder } from "./user-folders.ts";

const KEY_BYTES = 32;
const OWNER_ONLY = 0o600;
const OWNER_FOLDER = 0o700;
const OTHERS = 0o077;

/**
 * The key that signs what commands keep in this user's cache. It is made on first use. Undefined if no file can
 * hold it that belongs to this user alone: then nothing is kept.
 */
export function cacheKey(environment: Pick<Environment, "variables">): Buffer | undefined {
  const folder = stateFolder(environment);
  if (folder === undefined) return undefined;
  const file = path.join(folder, "cache.key");
  try {
    return readKey(file) ?? makeKey(file);
  } catch {
    return undefined;
  }
}

/**
 * Undefined if there is no key, or one that others may have read: a new one takes its place.
 * @throws Error if the file belongs to somebody else.
 */
function readKey(file: string): Buffer | undefined {
  const opened = openIfThere(file);
  if (opened === undefined) return undefined;
  try {
    const { uid, mode } = fstatSync(opened);
    if (uid !== process.getuid?.()) throw new Error(`${file} belongs to another user.`);
    const key = readFileSync(opened);
    return (mode & OTHERS) === 0 && key.length === KEY_BYTES ? key : undefined;
  } finally {
    closeSync(opened);
  }
}

function openIfThere(file: string): number | undefined {
  try {
    return openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function makeKey(file: string): Buffer {
  const key = randomBytes(KEY_BYTES);
  const draft = `${file}.${randomUUID()}`;
  mkdirSync(path.dirname(file), { recursive: true, mode: OWNER_FOLDER });
  try {
    writeFileSync(draft, key, { flag: "wx", mode: OWNER_ONLY });
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
  return key;
}
