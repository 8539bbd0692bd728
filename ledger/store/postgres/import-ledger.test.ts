import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import type { LedgerFile } from "../../domain/ledger-file.ts";
import type { NewRow, Row } from "../../domain/row.ts";
import { epochMsOf } from "../../domain/timestamp.ts";
import { headsSha256 } from "../heads-sha256.ts";
import { readLedgerId } from "../ledger-header.ts";
import { nodeFileSystem } from "../node-file-system.ts";
import { openJsonlStore } from "../open-jsonl-store.ts";
import type { LedgerStore } from "../store.ts";
import { findingsIn } from "../test-support/findings-in.ts";
import { manualClock } from "../test-support/manual-clock.ts";
import { importLedger } from "./import-ledger.ts";
import { readStoreAddress } from "./store-address.ts";
import { clusterOfTests, newFolder, openStore } from "./test-support/open-store.ts";
import { HAS_POSTGRES, WITHOUT } from "./test-support/private-cluster.ts";

const FILES: readonly LedgerFile[] = ["windows", "budgets"];
const SEGMENT_BYTES = 4_000;
const LIMITS = { segmentBytesMax: SEGMENT_BYTES };

describe.skipIf(!HAS_POSTGRES)(`files and PostgreSQL${WITHOUT}`, () => {
  const cluster = clusterOfTests();

  it("give the same rows the same bytes in the same segments", async () => {
    const [copy, files] = [newFolder(), newFolder()];
    const options = { segmentBytesMax: SEGMENT_BYTES, makeId: counter() };
    const store = await openStore(await cluster().makeDatabase(), { folder: copy, ...options });
    const times: string[] = [];
    await fill(store, (row) => times.push(row?.recorded_at ?? ""));
    await store.close();

    const clock = manualClock(0);
    const jsonl = await openFiles(files, { clock, makeId: counter() });
    const tick = () => clock.advance(epochMsOf(times.shift() ?? "") - clock.nowMs());
    tick();
    await fill(jsonl, tick);
    await jsonl.close();
    expect(Object.keys(bytesOf(files))).toContain("windows.000003.jsonl");
    expect(bytesOf(copy)).toEqual(bytesOf(files));
  });

  it("take a ledger from each other without a change, and continue it", async () => {
    const files = newFolder();
    const clock = manualClock();
    const jsonl = await openFiles(files, { clock });
    await fill(jsonl, () => clock.advance(1));
    const url = await cluster().makeDatabase();
    const ledgerId = readLedgerId({ fileSystem: nodeFileSystem, folder: files }) ?? "";
    const source = { fileSystem: nodeFileSystem, folder: files, ledgerId };
    const rows = await importLedger(readStoreAddress(url, "test"), source);
    expect(rows).toBeGreaterThan(ROWS);

    const copy = newFolder();
    const store = await openStore(url, { folder: copy, segmentBytesMax: SEGMENT_BYTES });
    expect(bytesOf(copy)).toEqual(bytesOf(files));
    expect(await store.heads()).toEqual(await jsonl.heads());
    expect(headsSha256(store.snapshot().ends)).toBe(headsSha256(await jsonl.heads()));
    await fill(store, () => undefined);
    expect(findingsIn(copy)).toEqual([]);
    await jsonl.close();
    const again = importLedger(readStoreAddress(url, "test"), source);
    await expect(again).rejects.toThrow(/one with rows/u);
    await expect(
      importLedger(readStoreAddress(url, "test"), { ...source, ledgerId: "other" }),
    ).rejects.toThrow(/one with the ledger/u);
  });
});

const ROWS = 60;

/** Appends rows of several sizes to two files, one append after the other. */
async function fill(store: LedgerStore, appended: (row: Row | undefined) => void): Promise<void> {
  for (let index = 0; index < ROWS; index += 1) {
    const file = FILES[index % FILES.length] ?? "windows";
    const row: NewRow = { record: "told", text: "é".repeat((index * 37) % 300), at: index };
    const [written] = await store.append(file, index % 5 === 0 ? [row, { record: "more" }] : [row]);
    appended(written);
  }
}

function counter(): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `id-${count}`;
  };
}

interface Given {
  readonly clock: ReturnType<typeof manualClock>;
  readonly makeId?: () => string;
}

async function openFiles(folder: string, given: Given): Promise<LedgerStore> {
  const parts = { agentId: "agent", toolVersion: "0.0.0", limits: LIMITS };
  return await openJsonlStore({ folder, ...parts, ...given });
}

/** What the files hold, without a segment that has no row yet. */
function bytesOf(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder).toSorted();
  const texts = names.map((name) => [name, readFileSync(path.join(folder, name), "utf8")] as const);
  return Object.fromEntries(texts.filter(([, text]) => text !== ""));
}
