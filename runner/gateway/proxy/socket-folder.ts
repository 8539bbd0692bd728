import { existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { holdLock, isFree } from "../../platform/locks/hold-lock.ts";

/** Linux allows 107 bytes, and other systems 103. */
const PATH_BYTES_MAX = 99;
const SHORT_FOLDER = "/tmp";
const PREFIX = "counterbalance-proxy-";
/** What follows the prefix: six random characters, a slash and the number of the socket. */
const REST_BYTES = 16;
/** The owner holds it locked. */
const LOCK = "owner.lock";
/** Made when the lock is held, so that no process takes a new folder for an abandoned one. */
const IS_HELD = "held";

/** A folder for sockets. Only its owner may enter it. */
export interface SocketFolder {
  readonly folder: string;
  readonly remove: () => void;
}

/** Makes a folder for sockets, and removes those of processes that were killed. */
export function makeSocketFolder(): SocketFolder {
  const root = rootWithRoom();
  removeLeft(root);
  const folder = mkdtempSync(path.join(root, PREFIX));
  const release = holdLock(path.join(folder, LOCK));
  writeFileSync(path.join(folder, IS_HELD), "");
  return {
    folder,
    remove: () => {
      release();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The temporary folder, unless its path is too long for that of a socket. */
function rootWithRoom(): string {
  const root = tmpdir();
  const bytes = Buffer.byteLength(path.join(root, PREFIX)) + REST_BYTES;
  return bytes > PATH_BYTES_MAX ? SHORT_FOLDER : root;
}

/** Leaves what belongs to other users, or can't be removed: a run does not need it to be gone. */
function removeLeft(root: string): void {
  for (const name of globSync(`${PREFIX}*`, { cwd: root })) {
    const folder = path.join(root, name);
    try {
      const isLeft = existsSync(path.join(folder, IS_HELD)) && isFree(path.join(folder, LOCK));
      if (isLeft) rmSync(folder, { recursive: true, force: true });
    } catch {
      // It stays.
    }
  }
}
