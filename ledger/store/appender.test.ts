import { expect, it } from "vitest";

import type { FileSystem } from "./file-system.ts";
import { LedgerSyncFailedError } from "./store-errors.ts";
import { diskWith } from "./test-support/golden-ledger.ts";
import { openOnDisk } from "./test-support/open-on-disk.ts";

const TURNS = 20;

it("acknowledges no row by a sync that began before the row was written", async () => {
  const { store, syncs } = await open();
  let [first, second] = ["waits", "waits"];
  const firstDone = append(store, "first").then(() => (first = "there"));
  await turns();
  const secondDone = append(store, "second").then(() => (second = "there"));
  await turns();
  expect([first, second, syncs.length]).toEqual(["waits", "waits", 1]);
  syncs[0]?.finish();
  await firstDone;
  await turns();
  expect([second, syncs.length]).toEqual(["waits", 2]);
  syncs[1]?.finish();
  await secondDone;
  await store.close();
});

it("rejects rows that were appended during a failed sync too, and never syncs again", async () => {
  const { store, syncs, disk } = await open();
  const first = append(store, "first");
  await turns();
  const second = append(store, "second");
  const told = Promise.allSettled([first, second]);
  await turns();
  syncs[0]?.fail();
  for (const answer of await told) {
    expect(answer).toMatchObject({ reason: expect.any(LedgerSyncFailedError) });
  }
  await store.close();
  expect(syncs).toHaveLength(1);
  expect(disk.fileAt("/ledger/windows.jsonl")?.content.toString()).not.toContain("second");
});

it("puts all rows that are appended while another process holds the lock into one write", async () => {
  const { store, syncs, disk, writes } = await open();
  const other = disk.process();
  const fd = other.open("/ledger/windows.jsonl", "a+");
  other.tryLock(fd);
  const appended = [append(store, "first")];
  await turns();
  appended.push(append(store, "second"));
  await turns();
  expect(writes()).toBe(0);
  other.unlock(fd);
  while (syncs.length === 0) await turns();
  syncs[0]?.finish();
  await Promise.all(appended);
  expect([writes(), syncs.length]).toEqual([1, 1]);
  await store.close();
});

/** A store on a disk whose syncs end when the test says so. */
async function open() {
  const disk = diskWith(new Map());
  const base = disk.process();
  const syncs: { readonly finish: () => void; readonly fail: () => void }[] = [];
  let writes = 0;
  const fileSystem = overlay(base, {
    write: (fd, bytes) => {
      writes += 1;
      return base.write(fd, bytes);
    },
    fdatasync: (fd) =>
      new Promise((resolve, reject) => {
        const finish = (): void => void base.fdatasync(fd).then(resolve, reject);
        syncs.push({ finish, fail: () => reject(new Error("EIO")) });
      }),
  });
  const store = await openOnDisk(disk, { fileSystem });
  const before = writes;
  return { store, disk, syncs, writes: () => writes - before };
}

function append(store: Awaited<ReturnType<typeof openOnDisk>>, id: string) {
  return store.append("windows", [{ record: "told", id }]);
}

function overlay(base: FileSystem, over: Partial<FileSystem>): FileSystem {
  return new Proxy(base, {
    get: (target, name) => {
      const known: unknown = Reflect.get(over, name) ?? Reflect.get(target, name, target);
      return typeof known === "function" ? known.bind(target) : known;
    },
  });
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
