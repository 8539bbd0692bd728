import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isMainThread } from "node:worker_threads";

import { waitUntil } from "./wait-until.ts";

const shared = process.env["COUNTERBALANCE_KEPT"];

/** The workers of a test run are threads of one process, or processes that share a folder. */
const KEPT = shared ?? path.join(tmpdir(), `counterbalance-kept-${String(process.pid)}`);

if (isMainThread && shared === undefined) {
  rmSync(KEPT, { recursive: true, force: true });
  process.once("exit", () => rmSync(KEPT, { recursive: true, force: true }));
}

/** The kept folder, and what its maker said about it. */
export interface Kept<Said> {
  readonly folder: string;
  readonly said: Said;
}

/** Makes something once for all workers: the first one that asks makes it, the others wait. Copy it, never change it. */
export async function keepOnce<Said>(
  key: string,
  make: (folder: string) => Promise<Said>,
): Promise<Kept<Said>> {
  const place = path.join(KEPT, createHash("sha256").update(key).digest("hex").slice(0, 16));
  const folder = path.join(place, "folder");
  const done = path.join(place, "done.json");
  mkdirSync(KEPT, { recursive: true });
  if (isFirst(place)) {
    mkdirSync(folder);
    const end = await make(folder).then(
      (said) => ({ said }),
      (error: unknown) => ({ failure: String(error) }),
    );
    writeFileSync(`${done}.new`, JSON.stringify(end));
    renameSync(`${done}.new`, done);
  }
  await waitUntil(() => existsSync(done));
  const end: { readonly said: Said } | { readonly failure: string } = JSON.parse(
    readFileSync(done, "utf8"),
  );
  if ("failure" in end) throw new Error(end.failure);
  return { folder, said: end.said };
}

/** The same for what is made in a moment; workers that make it at the same time keep the first one's. */
export function keepCopy(name: string, make: (folder: string) => void): string {
  const folder = path.join(KEPT, name);
  if (existsSync(folder)) return folder;
  mkdirSync(KEPT, { recursive: true });
  const fresh = mkdtempSync(`${folder}-`);
  make(fresh);
  try {
    renameSync(fresh, folder);
  } catch {
    rmSync(fresh, { recursive: true });
  }
  return folder;
}

function isFirst(place: string): boolean {
  try {
    mkdirSync(place);
    return true;
  } catch {
    return false;
  }
}
