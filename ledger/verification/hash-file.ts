import { createHash } from "node:crypto";

import type { FileSystem } from "../store/file-system.ts";

const PIECE_BYTES = 1_048_576;

/** The SHA-256 of a file's bytes, in hexadecimal digits; piece by piece, however large it is. */
export function hashFile(fileSystem: FileSystem, path: string): string {
  const fd = fileSystem.open(path, "r");
  const sha256 = createHash("sha256");
  try {
    const piece = Buffer.alloc(PIECE_BYTES);
    for (let at = 0, count = -1; count !== 0; at += count) {
      count = fileSystem.read(fd, piece, at);
      sha256.update(piece.subarray(0, count));
    }
  } finally {
    fileSystem.close(fd);
  }
  return sha256.digest("hex");
}
