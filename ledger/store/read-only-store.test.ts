import { expect, it } from "vitest";

import { checkpointRow } from "./checkpoints.ts";
import { headsSha256 } from "./heads-sha256.ts";
import { openJsonlStoreToRead } from "./open-jsonl-store.ts";
import { LedgerDamagedError, LedgerFolderError } from "./store-errors.ts";
import { flipBit } from "./test-support/flip-bit.ts";
import { diskWith, FOLDER, goldenFiles } from "./test-support/golden-ledger.ts";
import { manualClock } from "./test-support/manual-clock.ts";
import { openOnDisk } from "./test-support/open-on-disk.ts";
import { fail, withCall } from "./test-support/replaced-call.ts";
import type { SimulatedDisk } from "./test-support/simulated-disk.ts";

const PARTS = { folder: FOLDER, clock: manualClock(), agentId: "a", toolVersion: "1" };
const ROW = { record: "a", text: "x".repeat(100) };

/** Opens the ledger of a disk that is mounted read-only. */
async function openToRead(disk: SimulatedDisk) {
  const process = disk.process();
  const fileSystem = withCall(process, "open", (path, flag) =>
    flag === "r" ? process.open(path, flag) : fail("EROFS"),
  );
  return await openJsonlStoreToRead({ ...PARTS, fileSystem });
}

/** A ledger of three rows in a file, which a change then befalls. */
async function diskOfThree(change: (bytes: Buffer) => Buffer = (bytes) => bytes) {
  const disk = diskWith(new Map());
  const store = await openOnDisk(disk);
  for (const id of ["1", "2", "3"]) await store.append("windows", [{ ...ROW, id }]);
  await store.close();
  const file = disk.fileAt(`${FOLDER}/windows.jsonl`);
  file?.replace(change(Buffer.from(file.content)));
  return disk;
}

it("reads the same rows and ends as an opening that may write", async () => {
  const disk = diskWith(goldenFiles());
  const [store, writable] = [await openToRead(disk), await openOnDisk(disk)];
  expect([...store.read("windows")]).toEqual([...writable.read("windows")]);
  expect(store.snapshot().ends).toEqual(writable.snapshot().ends);
  expect(headsSha256(await store.heads())).toBe(headsSha256(await writable.heads()));
  expect(store.readOnly).toEqual({ tornFiles: [] });
  expect(writable.readOnly).toBeUndefined();
  await writable.close();
});

it("refuses an append, and says why", async () => {
  const store = await openToRead(await diskOfThree());
  const appended = store.append("windows", [ROW]);
  await expect(appended).rejects.toThrow(LedgerFolderError);
  await expect(appended).rejects.toThrow(/EROFS/u);
});

it.each([
  ["a part of a row", 1],
  ["half of two rows", 300],
])("names a torn end, %s, and reads the rows before it", async (_what, bytes) => {
  const disk = await diskOfThree((whole) => Buffer.concat([whole, whole.subarray(0, bytes)]));
  const store = await openToRead(disk);
  expect([...store.read("windows")].map(({ id }) => id)).toEqual(["1", "2", "3"]);
  expect(store.readOnly).toEqual({ tornFiles: [{ file: "windows", bytes }] });
});

it("takes a last row without its newline for a whole one", async () => {
  const store = await openToRead(await diskOfThree((whole) => whole.subarray(0, -1)));
  expect([...store.read("windows")]).toHaveLength(3);
  expect(store.readOnly).toEqual({ tornFiles: [] });
});

it.each([
  ["its first row", (whole: Buffer) => flipBit(whole, 800)],
  ["its last row", (whole: Buffer) => flipBit(whole, 8 * (whole.length - 150))],
])("refuses a flipped bit in %s", async (_what, change) => {
  await expect(openToRead(await diskOfThree(change))).rejects.toThrow(LedgerDamagedError);
});

it("refuses a file that lacks rows which a checkpoint names", async () => {
  const disk = await diskOfThree();
  const store = await openOnDisk(disk);
  await store.append("checkpoints", [checkpointRow(store.ledgerId, await store.heads())]);
  await store.close();
  const file = disk.fileAt(`${FOLDER}/windows.jsonl`);
  file?.replace(file.content.subarray(0, file.content.indexOf("\n") + 1));
  await expect(openToRead(disk)).rejects.toThrow(LedgerDamagedError);
});

it("finds no ledger in an empty folder that can't be written to", async () => {
  await expect(openToRead(diskWith(new Map()))).rejects.toThrow(/can be written to/u);
});
