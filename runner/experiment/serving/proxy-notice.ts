import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { request } from "undici";
import { z } from "zod";

import { ProxyStatus, STATUS_PATH } from "../../gateway/proxy/status.ts";
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

/** What a running proxy says of itself. */
export type RunningProxy = NonNullable<Awaited<ReturnType<typeof ask>>>;

/** Asks every running proxy of the data folder for its status. A killed one gives no answer. */
export async function askProxies(folder: DataFolder): Promise<readonly RunningProxy[]> {
  const answers = await Promise.all(readNotices(folder).map(ask));
  return answers.filter((answer) => answer !== null);
}

const ASK_LIMIT_MS = 5000;

async function ask({ origin, key, pid }: ProxyNotice) {
  const answer = await request(`${origin}${STATUS_PATH}`, {
    headers: { authorization: `Bearer ${key}` },
    signal: AbortSignal.timeout(ASK_LIMIT_MS),
  }).catch(() => null);
  if (answer?.statusCode !== 200) return null;
  return { origin, pid, ...ProxyStatus.parse(await answer.body.json()) };
}

/** The notices of this data folder's proxies. A proxy that was killed has left its own behind. */
function readNotices(folder: DataFolder): readonly ProxyNotice[] {
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
