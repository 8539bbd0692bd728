import { existsSync } from "node:fs";
import path from "node:path";

import { nodeFileSystem } from "../../../ledger/store/node-file-system.ts";
import type { DataFolder } from "../../platform/environment/data-folder.ts";
import { holdLock, isFree } from "../../platform/locks/hold-lock.ts";

type StateFolder = Pick<DataFolder, "state">;

/** Names in reservations are hexadecimal after a "p", so that none looks like the number of a request. */
const NAME = /\.(p[0-9a-f]{12})$/;

/** The name that distinguishes a proxy's reservations from those of other proxies. */
export function nameProxy(randomId: string): string {
  return `p${randomId.replaceAll("-", "").slice(-12)}`;
}

/** Holds a lock file while the proxy lives. Returns its release. */
export function holdProxyLock(folder: StateFolder, name: string): () => void {
  return holdLock(lockFile(folder, name));
}

/**
 * Says whether the proxy that made a reservation has ended, as far as is known now. A reservation without
 * a name is from an old version, or from a run.
 */
export function findGoneProxies(folder: StateFolder): (reservation: string) => boolean {
  const gone = new Map<string, boolean>();
  return (reservation) => {
    const name = NAME.exec(reservation)?.[1];
    if (name === undefined) return true;
    const file = lockFile(folder, name);
    const isGone = gone.get(name) ?? (!existsSync(file) || isFree(file));
    gone.set(name, isGone);
    return isGone;
  };
}

/** Does the work unless another process is doing it. */
export async function aloneAt(folder: StateFolder, work: () => Promise<unknown>): Promise<void> {
  const descriptor = nodeFileSystem.open(path.join(folder.state, "proxy-settling.lock"), "a+");
  try {
    if (nodeFileSystem.tryLock(descriptor)) await work();
  } finally {
    nodeFileSystem.close(descriptor);
  }
}

function lockFile({ state }: StateFolder, name: string): string {
  return path.join(state, `proxy-${name}.lock`);
}
