import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type FileLock, loadFileLock, sqliteLock } from "./file-lock.ts";
import { createNodeFileSystem } from "./node-file-system.ts";
import { openJsonlStore } from "./open-jsonl-store.ts";
import { findingsIn } from "./test-support/findings-in.ts";
import { manualClock } from "./test-support/manual-clock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ledger-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const withoutNative = (): FileLock =>
  loadFileLock(() => {
    throw new Error("No binary was made for this machine.");
  });

describe.each([
  ["the native lock", loadFileLock],
  ["SQLite's lock, if there is no native one", withoutNative],
])("%s", (_, load) => {
  it("is held by one descriptor at a time, until it lets go", () => {
    const [one, two] = [createNodeFileSystem(load()), createNodeFileSystem(load())];
    const path = join(folder, "file");
    const [first, second] = [one.open(path, "a+"), two.open(path, "a+")];
    expect(one.tryLock(first)).toBe(true);
    expect(two.tryLock(second)).toBe(false);
    one.unlock(first);
    expect(two.tryLock(second)).toBe(true);
    two.unlock(second);
    one.close(first);
    two.close(second);
  });

  it("lets two stores write to one ledger in turn", async () => {
    const open = (agentId: string) =>
      openJsonlStore({
        folder,
        clock: manualClock(),
        agentId,
        toolVersion: "0.0.0",
        fileSystem: createNodeFileSystem(load()),
      });
    const [one, two] = [await open("one"), await open("two")];
    const appends = Array.from({ length: 40 }, (__, n) =>
      (n % 2 === 0 ? one : two).append("windows", [{ record: "a", n }]),
    );
    await Promise.all(appends);
    expect([...one.read("windows")]).toHaveLength(40);
    await Promise.all([one.close(), two.close()]);
    expect(findingsIn(folder)).toEqual([]);
  });
});

it("does not take a failure of SQLite for a lock that is held", () => {
  const file = { fd: 3, path: join(folder, "no-such-folder", "file") };
  expect(() => sqliteLock().tryLock(file)).toThrow(/unable to open/);
});
