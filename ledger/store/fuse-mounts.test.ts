import { existsSync } from "node:fs";
import { join } from "node:path";

import { afterEach, expect, it } from "vitest";

import { openJsonlStore } from "./open-jsonl-store.ts";
import { LedgerFolderError } from "./store-errors.ts";
import { findingsIn } from "./test-support/findings-in.ts";
import { type FuseMount, makeFuseMount, whyNoFuseMount } from "./test-support/fuse-mount.ts";
import { manualClock } from "./test-support/manual-clock.ts";

const noSshfs = whyNoFuseMount("sshfs");
const noBindfs = whyNoFuseMount("bindfs");

let mount: FuseMount | undefined;
afterEach(() => {
  mount?.remove();
  mount = undefined;
});

it.skipIf(noSshfs !== undefined)(
  `a folder of another machine, mounted by sshfs, is refused${noSshfs ?? ""}`,
  async () => {
    mount = makeFuseMount("sshfs");
    const folder = join(mount.folder, "ledger");
    const opened = open(folder);
    await expect(opened).rejects.toThrow(LedgerFolderError);
    await expect(opened).rejects.toThrow(`${folder}: expected a folder on a local disk`);
    await expect(opened).rejects.toThrow("on a network file system (sshfs)");
    expect(existsSync(join(folder, "ledger.json"))).toBe(false);
  },
);

it.skipIf(noBindfs !== undefined)(
  `a folder of this machine, mounted by bindfs, keeps a ledger${noBindfs ?? ""}`,
  async () => {
    mount = makeFuseMount("bindfs");
    const folder = join(mount.folder, "ledger");
    const store = await open(folder);
    await store.append("windows", [{ record: "told" }]);
    await store.close();
    const again = await open(folder);
    expect([...again.read("windows")].map(({ record }) => record)).toEqual(["told"]);
    await again.close();
    expect(findingsIn(folder)).toEqual([]);
  },
);

function open(folder: string) {
  return openJsonlStore({ folder, clock: manualClock(), agentId: "test", toolVersion: "0.0.0" });
}
