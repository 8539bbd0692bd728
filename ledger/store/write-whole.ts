import type { FileSystem } from "./file-system.ts";

/** Writes a file that no process reads yet, in as many calls as the disk needs. */
export function writeWhole(fileSystem: FileSystem, fd: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    const count = fileSystem.write(fd, bytes.subarray(written));
    if (count === 0) throw new Error("The disk took no bytes and gave no reason.");
    written += count;
  }
}
