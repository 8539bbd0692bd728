import { createHash, hash } from "node:crypto";

import { type FileSystem, withFile } from "./file-system.ts";
import { type Span, wholeOf } from "./line-cursor.ts";

const PIECE_BYTES = 1_048_576;
/** No text that a row cites is so large. */
const TEXT_BYTES_MAX = 256 * 1_048_576;

/** Hashes a range of a file, and copies it to the end of another file if one is given. Returns SHA-256, hex. */
export function copyBytes(fileSystem: FileSystem, span: Span, to?: number): string {
  const sha256 = createHash("sha256");
  const buffer = Buffer.alloc(Math.min(PIECE_BYTES, span.to - span.from));
  for (let at = span.from; at < span.to;) {
    const bytesRead = fileSystem.read(span.fd, buffer.subarray(0, span.to - at), at);
    if (bytesRead === 0) throw new Error(`The bytes to read ended at ${at} of ${span.to}.`);
    const piece = buffer.subarray(0, bytesRead);
    if (to !== undefined) writeWhole(fileSystem, to, piece);
    sha256.update(piece);
    at += bytesRead;
  }
  return sha256.digest("hex");
}

/** Copies a range of a file to a new one. Returns its path. */
export function copyToFile(fileSystem: FileSystem, span: Span, path: string): string {
  withFile(fileSystem, { path, flag: "wx" }, (copy) => copyBytes(fileSystem, span, copy));
  return path;
}

/** Writes a file that no process reads yet, in as many calls as the disk needs. */
export function writeWhole(fileSystem: FileSystem, fd: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    const count = fileSystem.write(fd, bytes.subarray(written));
    if (count === 0) throw new Error("The disk took no bytes and gave no reason.");
    written += count;
  }
}

/** Whether a file has a hash but for line ends of CR LF, which were LF. */
export function hasChangedEnds(fileSystem: FileSystem, path: string, sha256: string): boolean {
  return withFile(fileSystem, { path, flag: "r" }, (fd) => {
    const { size } = fileSystem.stateOf(fd);
    if (size > TEXT_BYTES_MAX) return false;
    const bytes = Buffer.alloc(size);
    const text = bytes.toString("latin1", 0, fileSystem.read(fd, bytes, 0));
    return hash("sha256", Buffer.from(text.replaceAll("\r\n", "\n"), "latin1")) === sha256;
  });
}

/** The SHA-256 of a file's bytes, hex. */
export function hashFile(fileSystem: FileSystem, path: string): string {
  return withFile(fileSystem, { path, flag: "r" }, (fd) =>
    copyBytes(fileSystem, wholeOf(fileSystem, fd)),
  );
}
