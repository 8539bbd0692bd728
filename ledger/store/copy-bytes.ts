import { createHash } from "node:crypto";

import type { FileSystem } from "./file-system.ts";
import type { Span } from "./line-cursor.ts";
import { writeWhole } from "./write-whole.ts";

const PIECE_BYTES = 1_048_576;

/** Hashes a range of a file, and copies it to the end of another file if one is given. Returns SHA-256, hex. */
export function copyBytes(fileSystem: FileSystem, span: Span, to?: number): string {
  const sha256 = createHash("sha256");
  for (let at = span.from; at < span.to;) {
    const piece = Buffer.alloc(Math.min(PIECE_BYTES, span.to - at));
    const bytesRead = fileSystem.read(span.fd, piece, at);
    if (bytesRead === 0) throw new Error(`The bytes to read ended at ${at} of ${span.to}.`);
    if (to !== undefined) writeWhole(fileSystem, to, piece.subarray(0, bytesRead));
    sha256.update(piece.subarray(0, bytesRead));
    at += bytesRead;
  }
  return sha256.digest("hex");
}
