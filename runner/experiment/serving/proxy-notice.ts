import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

import type { DataFolder } from "../../platform/environment/data-folder.ts";
import { parseJson } from "../../platform/json/json-value.ts";

/** The address and key of a running proxy's status; only its owner can read the file. */
const ProxyNotice = z.looseObject({ origin: z.url(), key: z.string(), pid: z.int() });
type ProxyNotice = z.infer<typeof ProxyNotice>;

const OWNER_ONLY = 0o600;

/** Writes the notice of one proxy and returns a function that removes it. */
export function leaveNotice(folder: DataFolder, notice: ProxyNotice): () => void {
  const notices = noticesIn(folder);
  mkdirSync(notices, { recursive: true });
  const { port } = new URL(notice.origin);
  const file = path.join(notices, `${String(notice.pid)}-${port}.json`);
  writeFileSync(file, JSON.stringify(notice), { mode: OWNER_ONLY });
  return () => rmSync(file, { force: true });
}

/** The notices of this data folder's proxies. A proxy that was killed has left its own behind. */
export function readNotices(folder: DataFolder): readonly ProxyNotice[] {
  const notices = noticesIn(folder);
  const names = existsSync(notices) ? readdirSync(notices).toSorted() : [];
  return names.flatMap((name) => {
    const { success, data } = ProxyNotice.safeParse(parseJson(read(path.join(notices, name))));
    return success ? [data] : [];
  });
}

function noticesIn({ state }: DataFolder): string {
  return path.join(state, "proxies");
}

/** Empty if the proxy has ended since the folder was listed. */
function read(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
