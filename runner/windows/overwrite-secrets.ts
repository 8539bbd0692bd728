import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  writeSync,
} from "node:fs";
import path from "node:path";

import { redactBytes } from "../proxy/recording/redact.ts";

/**
 * Overwrites secrets in a file, or in every file of a folder that changed since a moment. Links are not
 * followed, and a repository's own folder is not searched, because nothing of it is kept.
 */
export function overwriteSecrets(
  place: string,
  secrets: readonly string[],
  sinceMs: number = 0,
): void {
  if (secrets.length === 0) return;
  const found = lstatSync(place, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) {
    for (const name of readdirSync(place)) {
      if (name !== ".git") overwriteSecrets(path.join(place, name), secrets, sinceMs);
    }
  } else if (found?.isFile() === true && found.ctimeMs >= sinceMs) {
    overwriteIn(place, found.size, secrets);
  }
}

const PIECE_BYTES = 16 * 1024 * 1024;

function overwriteIn(file: string, size: number, secrets: readonly string[]): void {
  const overlap = Math.max(...secrets.map((secret) => Buffer.byteLength(secret)));
  const opened = openSync(file, constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    for (let from = 0; from < size; from += PIECE_BYTES) {
      const piece = Buffer.alloc(Math.min(PIECE_BYTES + overlap, size - from));
      readSync(opened, piece, 0, piece.length, from);
      if (!secrets.some((secret) => piece.includes(secret))) continue;
      const [clean = piece] = redactBytes([piece], secrets);
      writeSync(opened, clean, 0, clean.length, from);
    }
  } finally {
    closeSync(opened);
  }
}
