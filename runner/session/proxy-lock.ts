import { existsSync, rmSync } from "node:fs";
import path from "node:path";

import { nodeFileSystem } from "../../ledger/store/node-file-system.ts";
import type { DataFolder } from "./data-folder.ts";

type StateFolder = Pick<DataFolder, "state">;

/** Of names in reservations: hexadecimal, so that none is a number of a request. */
const NAME = /\.(p[0-9a-f]{12})$/;

/** The name by which one proxy's reservations are told from those of others that are open beside it. */
export function nameProxy(randomId: string): string {
  return `p${randomId.replaceAll("-", "").slice(-12)}`;
}

/** Says that a proxy lives, until the returned function is called or the process is gone, however it went. */
export function holdProxyLock(folder: StateFolder, name: string): () => void {
  const file = lockFile(folder, name);
  const descriptor = nodeFileSystem.open(file, "a+");
  nodeFileSystem.tryLock(descriptor);
  return () => {
    rmSync(file, { force: true });
    nodeFileSystem.close(descriptor);
  };
}

/** Whether the proxy that made a reservation is gone; so is one that was of a time before they had names. */
export function isProxyGone(folder: StateFolder, reservation: string): boolean {
  const name = NAME.exec(reservation)?.[1];
  return (
    name === undefined || !existsSync(lockFile(folder, name)) || isFree(lockFile(folder, name))
  );
}

/** Does something unless another process is at it. */
export async function aloneAt(folder: StateFolder, work: () => Promise<unknown>): Promise<void> {
  const descriptor = nodeFileSystem.open(path.join(folder.state, "proxy-settling.lock"), "a+");
  try {
    if (nodeFileSystem.tryLock(descriptor)) await work();
  } finally {
    nodeFileSystem.close(descriptor);
  }
}

function isFree(file: string): boolean {
  const descriptor = nodeFileSystem.open(file, "a+");
  try {
    const isGone = nodeFileSystem.tryLock(descriptor);
    if (isGone) rmSync(file, { force: true });
    return isGone;
  } finally {
    nodeFileSystem.close(descriptor);
  }
}

function lockFile({ state }: StateFolder, name: string): string {
  return path.join(state, `proxy-${name}.lock`);
}
