import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

import type { DataFolder } from "../data-folder.ts";

/** The address and key of a running proxy's status; only its owner can read the file. */
const ProxyNotice = z.looseObject({ origin: z.url(), key: z.string(), pid: z.int() });
type ProxyNotice = z.infer<typeof ProxyNotice>;

const OWNER_ONLY = 0o600;

/** Writes the notice and returns a function that removes it. */
export function leaveNotice({ state }: DataFolder, notice: ProxyNotice): () => void {
  const file = noticeFile(state);
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify(notice), { mode: OWNER_ONLY });
  return () => rmSync(file, { force: true });
}

/** The notice of this data folder's proxy; null if none is known to run. */
export function readNotice({ state }: DataFolder): ProxyNotice | null {
  const file = noticeFile(state);
  if (!existsSync(file)) return null;
  const notice = ProxyNotice.safeParse(parse(readFileSync(file, "utf8")));
  return notice.success ? notice.data : null;
}

function noticeFile(state: string): string {
  return path.join(state, "proxy.json");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
