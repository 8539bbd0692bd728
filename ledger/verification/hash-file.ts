import { copyBytes } from "../store/copy-bytes.ts";
import type { FileSystem } from "../store/file-system.ts";

/** The SHA-256 of a file's bytes, hex. */
export function hashFile(fileSystem: FileSystem, path: string): string {
  const fd = fileSystem.open(path, "r");
  try {
    return copyBytes(fileSystem, { fd, from: 0, to: fileSystem.stateOf(fd).size });
  } finally {
    fileSystem.close(fd);
  }
}
