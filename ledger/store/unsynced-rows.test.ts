import { setImmediate as nextTurn } from "node:timers/promises";

import { expect, it } from "vitest";

import { LedgerFullError } from "./store-errors.ts";
import { diskWith, FOLDER } from "./test-support/golden-ledger.ts";
import { openOnDisk } from "./test-support/open-on-disk.ts";
import type { SimulatedDisk, SimulatedProcess } from "./test-support/simulated-disk.ts";

// Rows that are in the file and wait for their sync when something else fails. No caller may
// believe that they are absent.

it("takes rows that wait for their sync through a close that meets a torn tail, and records the tail", async () => {
  const disk = diskWith(new Map());
  const store = await openOnDisk(disk);
  const waiting = store.append("windows", [{ record: "told", id: "waits" }], { sync: "later" });
  await untilWritten(disk, "waits");
  tear(disk);
  const next = store.append("windows", [{ record: "told", id: "next" }], { sync: "later" });
  const answers = Promise.all([waiting, next]);
  await Promise.all([store.close(), answers]);
  const later = await openOnDisk(disk);
  expect([...later.read("windows")].map(({ id }) => id)).toEqual(["waits", "next"]);
  expect([...later.read("anomalies")].map((row) => row["kind"])).toEqual(["torn-tail"]);
  await later.close();
});

it("rejects no row that is in the file when there is no room for an anomaly, and stops the store", async () => {
  const disk = diskWith(new Map());
  const process = disk.process();
  const store = await openOnDisk(disk, { fileSystem: process });
  const waiting = store.append("windows", [{ record: "told", id: "waits" }], { sync: "later" });
  await untilWritten(disk, "waits");
  tear(disk);
  refuseAnomalies(process);
  const next = store.append("windows", [{ record: "told", id: "next" }], { sync: "later" });
  const answers = Promise.allSettled([waiting, next]);
  await untilWritten(disk, "next");
  for (let turn = 0; turn < 10; turn += 1) await nextTurn();
  await expect(store.append("windows", [{ record: "told" }])).rejects.toThrow(LedgerFullError);
  await store.close();
  expect((await answers).map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
});

/** The file's next bytes but one are not a row. */
function tear(disk: SimulatedDisk): void {
  disk.fileAt(`${FOLDER}/windows.jsonl`)?.append(Buffer.from('{"_v":1,"seq":2,"prev"'));
}

function refuseAnomalies(process: SimulatedProcess): void {
  const write = process.write.bind(process);
  process.write = (fd, bytes) => {
    if (Buffer.from(bytes).includes('"anomaly_recorded"')) {
      throw Object.assign(new Error("ENOSPC: simulated"), { code: "ENOSPC" });
    }
    return write(fd, bytes);
  };
}

async function untilWritten(disk: SimulatedDisk, id: string): Promise<void> {
  const turnsMax = 1_000;
  for (let turn = 0; turn < turnsMax; turn += 1) {
    if (disk.fileAt(`${FOLDER}/windows.jsonl`)?.content.includes(id) === true) return;
    await nextTurn();
  }
  throw new Error(`Row ${id} was not written within ${turnsMax} turns.`);
}
