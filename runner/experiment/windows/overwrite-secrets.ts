import { constants, type Stats } from "node:fs";
import { chmod, type FileHandle, open, unlink, writeFile } from "node:fs/promises";
import path from "node:path";

import { inReader } from "../../platform/reader/in-reader.ts";
import { LeftFolder } from "../../platform/reader/left-folder.ts";
import type { Reading } from "../../platform/reader/reading.ts";
import { redactBytes } from "../../platform/redaction/redact.ts";

/** Secrets, and the files that may hold them. */
interface SecretPlaces {
  /** Files of folders; "" stands for everything in a folder. */
  readonly places: readonly { readonly folder: string; readonly name: string }[];
  readonly secrets: readonly string[];
  /** Files that have not changed since are left alone; epoch milliseconds. */
  readonly sinceMs: number;
}

/**
 * Overwrites secrets in files. Links are not followed, and a repository's own folder is not searched, because nothing
 * of it is kept.
 */
export const overwriteSecrets = inReader(import.meta.url, "overwrite", overwriteIn);

async function overwriteIn(
  { places, secrets, sinceMs }: SecretPlaces,
  reading: Reading,
): Promise<void> {
  for (const { folder: root, name } of places) {
    const tree = new LeftFolder(reading, root);
    const visit = async (place: string): Promise<void> => {
      const stats = await tree.look(place);
      if (stats?.isDirectory() === true) {
        for (const entry of (await tree.list(place)) ?? []) {
          if (entry.name !== ".git") await visit(path.join(place, entry.name));
        }
      } else if (stats?.isFile() === true && stats.ctimeMs >= sinceMs) {
        const file = { tree, root, name: place, stats };
        await (stats.nlink > 1 ? replace(file, secrets) : overwrite(file, secrets));
      }
    };
    await visit(name);
  }
}

interface Searched {
  readonly tree: LeftFolder;
  readonly root: string;
  readonly name: string;
  readonly stats: Stats;
}

async function overwrite(
  { tree, root, name, stats }: Searched,
  secrets: readonly string[],
): Promise<void> {
  const overlap = Math.max(...secrets.map((secret) => Buffer.byteLength(secret))) - 1;
  let file: FileHandle | undefined;
  let before = { bytes: Buffer.alloc(0), end: 0 };
  await tree.data(name, async (piece, at) => {
    // A secret may begin in the piece before, unless a hole is between them.
    const start = before.end === at ? before.bytes : Buffer.alloc(0);
    const found = Buffer.concat([start, piece]);
    const [clean = found] = redactBytes([found], secrets);
    if (!clean.equals(found)) {
      file ??= await openToWrite(path.join(root, name), stats);
      await file.write(clean, 0, clean.length, at - start.length);
    }
    before = { bytes: Buffer.from(clean.subarray(-overlap)), end: at + piece.length };
  });
  await file?.close();
}

const OWNER_WRITES = 0o200;

async function openToWrite(place: string, { mode }: Stats): Promise<FileHandle> {
  const { O_WRONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  if ((mode & OWNER_WRITES) === 0) await chmod(place, mode | OWNER_WRITES);
  return await open(place, O_WRONLY | O_NOFOLLOW | O_NONBLOCK);
}

const LINKED_BYTES_MAX = 16 * 1024 * 1024;

/** The other names of a file may be the user's own, so that this name gets a file of its own. */
async function replace(
  { tree, root, name, stats }: Searched,
  secrets: readonly string[],
): Promise<void> {
  const found = await tree.read(name, LINKED_BYTES_MAX);
  if (found === null) return;
  const [clean = found] = redactBytes([found], secrets);
  if (clean.equals(found)) return;
  const place = path.join(root, name);
  try {
    await unlink(place);
    await writeFile(place, clean, { flag: "wx", mode: stats.mode });
  } catch {
    tree.leaveOut("unreadable", name);
  }
}
