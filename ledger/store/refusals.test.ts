import { describe, expect, it } from "vitest";

import { sealLine } from "./row-line.ts";
import {
  LedgerBusyError,
  LedgerDamagedError,
  LedgerFullError,
  LedgerOverloadedError,
  LedgerSyncFailedError,
  LedgerVersionError,
} from "./store-errors.ts";
import { diskWith, FOLDER, goldenFiles } from "./test-support/golden-ledger.ts";
import { manualClock } from "./test-support/manual-clock.ts";
import { openOnDisk } from "./test-support/open-on-disk.ts";
import { fail, withCall } from "./test-support/replaced-call.ts";
import type { SimulatedProcess } from "./test-support/simulated-disk.ts";

describe("two ledgers in one folder", () => {
  it("show as a file whose chain does not begin with this ledger's id", async () => {
    const files = new Map(goldenFiles());
    files.set("ledger.json", Buffer.from('{"_v":1,"ledger_id":"another"}\n'));
    files.delete("checkpoints.jsonl");
    await expect(openOnDisk(diskWith(files))).rejects.toThrow(/of another ledger/);
  });

  it("show as a file under another's name", async () => {
    const files = new Map(goldenFiles());
    files.set("looks.jsonl", files.get("snapshots.000001.jsonl") ?? Buffer.alloc(0));
    await expect(openOnDisk(diskWith(files))).rejects.toThrow(LedgerDamagedError);
  });
});

describe("a ledger of a later version", () => {
  it("is not opened for writing, and its rows are not taken for a torn tail", async () => {
    const disk = diskWith(goldenFiles());
    const later = sealed('{"_v":2,"seq":6,"prev":"x"');
    const path = `${FOLDER}/windows.jsonl`;
    disk.fileAt(path)?.replace(Buffer.from(later));
    await expect(openOnDisk(disk)).rejects.toThrow(LedgerVersionError);
    await expect(openOnDisk(disk)).rejects.toThrow(/^windows\.jsonl: /);
    expect(disk.fileAt(path)?.content.toString()).toBe(later);
  });

  it("is read no further than a row of it, which is called neither damage nor a reason to restore", async () => {
    const disk = diskWith(goldenFiles());
    const store = await openOnDisk(disk);
    await store.append("looks", [{ record: "a" }]);
    const file = disk.fileAt(`${FOLDER}/looks.jsonl`);
    const first = file?.content.toString() ?? "";
    const later = sealed(`{"_v":2,"seq":2,"prev":"${hashIn(first)}"`);
    const rest = first.slice(first.indexOf('"id"'), first.indexOf(',"h":'));
    const next = sealed(`{"_v":1,"seq":3,"prev":"${hashIn(later)}",${rest}`);
    file?.replace(Buffer.from(`${first}${later}${next}`));
    expect(() => [...store.read("looks")]).toThrow(LedgerVersionError);
    expect(() => [...store.read("looks")]).toThrow(/looks\.jsonl.*later version of this program/);
    await store.close();
  });
});

describe("a row with the right hash that is no JSON", () => {
  it("is damage, and not taken for one of a later version", async () => {
    const disk = diskWith(goldenFiles());
    const odd = sealed('{"_v":1,"seq":1,"prev":"x" oops');
    disk.fileAt(`${FOLDER}/windows.jsonl`)?.replace(Buffer.from(odd));
    await expect(openOnDisk(disk)).rejects.toThrow(LedgerDamagedError);
    await expect(openOnDisk(disk)).rejects.toThrow(/^windows\.jsonl: .*can't be read/);
  });
});

describe("a disk that fails", () => {
  it("takes no row of a batch when it is full, says so, and takes the next batch when there is room", async () => {
    const disk = diskWith(new Map());
    let isFull = false;
    const process = disk.process();
    const fileSystem = withCall(process, "write", (fd: number, bytes: Uint8Array) =>
      isFull ? process.write(fd, bytes.subarray(0, 50)) : process.write(fd, bytes),
    );
    const store = await openOnDisk(disk, { fileSystem });
    await store.append("windows", [{ record: "a" }]);
    isFull = true;
    const refused = store.append("windows", [{ record: "b" }]);
    await expect(refused).rejects.toThrow(LedgerFullError);
    await expect(refused).rejects.toThrow(/Make room/);
    isFull = false;
    await store.append("windows", [{ record: "c" }]);
    expect([...store.read("windows")].map(({ record }) => record)).toEqual(["a", "c"]);
    await store.close();
  });

  it("stops the whole store at the first failed sync, and never syncs that file again", async () => {
    const disk = diskWith(new Map());
    const process = disk.process();
    let syncs = 0;
    let fails = false;
    const fileSystem = withCall(process, "fdatasync", async (fd: number) => {
      syncs += 1;
      if (fails) fail("EIO");
      await process.fdatasync(fd);
    });
    const store = await openOnDisk(disk, { fileSystem });
    await store.append("windows", [{ record: "a" }]);
    fails = true;
    const syncsBefore = syncs;
    const appends = [1, 2].map((n) => store.append("windows", [{ record: "b", n }]));
    for (const append of appends) await expect(append).rejects.toThrow(LedgerSyncFailedError);
    fails = false;
    await expect(store.append("windows", [{ record: "c" }])).rejects.toThrow(LedgerSyncFailedError);
    await expect(store.append("churn", [{ record: "c" }])).rejects.toThrow(/start again/);
    await store.close();
    expect(syncs).toBe(syncsBefore + 1);
  });
});

describe("the start after a failed sync", () => {
  it("writes the rows of that sync again before anyone counts on them", async () => {
    const disk = diskWith(new Map());
    const process = disk.process();
    const fileSystem = withCall(process, "fdatasync", () => {
      disk.fileAt(`${FOLDER}/windows.jsonl`)?.failSync();
      return fail("EIO");
    });
    const failing = await openOnDisk(disk, { fileSystem });
    const row = { record: "a", id: "a" };
    await expect(failing.append("windows", [row])).rejects.toThrow(LedgerSyncFailedError);
    await failing.close();
    const next = await openOnDisk(disk);
    await next.append("windows", [row]);
    await next.close();
    disk.crash();
    const last = await openOnDisk(disk);
    expect([...last.read("windows")].map(({ id }) => id)).toEqual(["a"]);
    await last.close();
  });
});

describe("a store that is asked too much", () => {
  it("refuses rows beyond what may wait for the disk", async () => {
    const store = await openOnDisk(diskWith(new Map()), { limits: { queuedBytesMax: 1_000 } });
    const rows = [1, 2, 3].map((n) =>
      store.append("windows", [{ record: "a", n, text: "x".repeat(400) }]),
    );
    const outcomes = await Promise.allSettled(rows);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    await expect(rows[2]).rejects.toThrow(LedgerOverloadedError);
    await store.close();
  });

  it("stops waiting for a lock that another process keeps, and never takes it away", async () => {
    const disk = diskWith(goldenFiles());
    const holder = disk.process();
    const fd = holder.open(`${FOLDER}/windows.jsonl`, "a+");
    expect(holder.tryLock(fd)).toBe(true);
    const opened = openOnDisk(disk, { limits: { lockWaitMs: 20 } });
    await expect(opened).rejects.toThrow(LedgerBusyError);
    await expect(opened).rejects.toThrow(/another process holds it/);
    holder.unlock(fd);
    await (await openOnDisk(disk)).close();
  });
});

describe("a clock that jumps back", () => {
  it("is put on record once, and the rows are still taken", async () => {
    const clock = manualClock();
    const store = await openOnDisk(diskWith(new Map()), { clock });
    await store.append("windows", [{ record: "a" }]);
    clock.advance(-3_600_000);
    await store.append("windows", [{ record: "b" }]);
    await store.append("windows", [{ record: "c" }]);
    await store.close();
    const rows = [...store.read("windows")];
    expect(rows.map(({ seq, record }) => [seq, record])).toEqual([
      [1, "a"],
      [2, "b"],
      [3, "c"],
    ]);
    expect([...store.read("anomalies")]).toMatchObject([
      {
        record: "anomaly_recorded",
        kind: "clock-went-back",
        touches: ["windows.jsonl"],
        observed: { seq: 1, recorded_at: rows[0]?.recorded_at, now: rows[1]?.recorded_at },
      },
    ]);
  });
});

describe("a file that something else cuts or removes while it is written", () => {
  it.each([
    [
      "cut",
      (process: SimulatedProcess, path: string) => process.truncate(process.open(path, "a+"), 0),
    ],
    ["removed", (process: SimulatedProcess, path: string) => process.remove(path)],
  ])("stops the writer before it starts the chain again: %s", async (_, harm) => {
    const disk = diskWith(new Map());
    const store = await openOnDisk(disk);
    await store.append("windows", [{ record: "a" }]);
    harm(disk.process(), `${FOLDER}/windows.jsonl`);
    const refused = store.append("windows", [{ record: "b" }]);
    await expect(refused).rejects.toThrow(LedgerDamagedError);
    await expect(refused).rejects.toThrow(/expected at least row 1.*restore it from a copy/s);
    await store.close();
  });
});

/** A line with its true hash, and its newline. */
function hashIn(line: string): string {
  return /,"h":"([^"]+)"\}\n$/u.exec(line)?.[1] ?? "";
}

function sealed(unsealed: string): string {
  return `${sealLine(unsealed).line}\n`;
}
