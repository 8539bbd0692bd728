import { createHash } from "node:crypto";
import { existsSync, lstatSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";

/** A file in a folder. Parts of the relative path are separated by `/`. */
interface FolderFile {
  readonly relativePath: string;
  readonly absolutePath: string;
}

const FILES_MAX = 5000;

/** Lists every regular file in and below a folder, sorted by the UTF-16 code units of the relative path. */
export function listFolderFiles(folder: string): readonly FolderFile[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((entry) => ({
      relativePath: entry.split(path.sep).join("/"),
      absolutePath: path.join(folder, entry),
    }))
    .filter(({ absolutePath }) => lstatSync(absolutePath).isFile())
    .toSorted((a, b) => (a.relativePath < b.relativePath ? -1 : 1))
    .slice(0, FILES_MAX);
}

/** What `task check` writes into a task's folder: it is about the task, and is not a part of it. */
export const PROOF_FILE = "proof.json";

/** Returns the SHA-256 (hex) of the path and the bytes of every file, each preceded by its length. */
export function digestFolder(folder: string): string {
  const hash = createHash("sha256");
  for (const { relativePath, absolutePath } of listFolderFiles(folder)) {
    if (relativePath === PROOF_FILE) continue;
    const bytes = readFileSync(absolutePath);
    hash.update(`${Buffer.byteLength(relativePath)}:${relativePath}${bytes.length}:`).update(bytes);
  }
  return hash.digest("hex");
}

export function isFolder(absolutePath: string): boolean {
  return existsSync(absolutePath) && lstatSync(absolutePath).isDirectory();
}
