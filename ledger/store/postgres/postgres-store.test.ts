import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { describeLedgerStore } from "../test-support/conformance.ts";
import { manualClock } from "../test-support/manual-clock.ts";
import { type PostgresStoreOptions, openPostgresStore } from "./postgres-store.ts";
import { readStoreAddress } from "./store-address.ts";
import {
  HAS_POSTGRES,
  type PrivateCluster,
  query,
  startPrivateCluster,
  WITHOUT,
} from "./test-support/private-cluster.ts";

const folders: string[] = [];

function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-mirror-"));
  folders.push(folder);
  return path.join(folder, "ledger");
}

async function open(url: string, options: Partial<PostgresStoreOptions> = {}) {
  return await openPostgresStore({
    address: readStoreAddress(url, "test"),
    folder: newFolder(),
    clock: manualClock(),
    agentId: "agent",
    toolVersion: "0.0.0",
    ...options,
  });
}

describe.skipIf(!HAS_POSTGRES)(`a ledger in PostgreSQL${WITHOUT}`, () => {
  let cluster: PrivateCluster;
  beforeAll(async () => {
    cluster = await startPrivateCluster();
  });
  afterAll(() => cluster.stop());
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  describeLedgerStore("PostgreSQL", async (options) => open(await cluster.makeDatabase(), options));

  it("shows two machines the same bytes", async () => {
    const url = await cluster.makeDatabase();
    const [ours, theirs] = [newFolder(), newFolder()];
    const one = await open(url, { folder: ours });
    const other = await open(url, { folder: theirs });
    await Promise.all([
      one.append("windows", [{ record: "a" }]),
      other.append("windows", [{ record: "b" }]),
    ]);
    await Promise.all([one.refresh(), other.refresh()]);
    const texts = [ours, theirs].map((folder) => readFileSync(path.join(folder, "windows.jsonl")));
    expect(texts[0]).toEqual(texts[1]);
    expect([...one.read("windows")]).toHaveLength(2);
    await one.close();
    await other.close();
  });

  it.each([
    "update counterbalance.ledger_rows set line = ''",
    "delete from counterbalance.ledger_rows",
    "truncate counterbalance.ledger_rows",
    "update counterbalance.ledger_heads set seq = 0",
    "delete from counterbalance.ledger_heads",
    "truncate counterbalance.ledger_heads",
    "delete from counterbalance.ledger",
  ])("lets the database itself refuse: %s", async (sql) => {
    const url = await cluster.makeDatabase();
    const store = await open(url);
    await store.append("windows", [{ record: "a" }]);
    await expect(query(url, sql)).rejects.toThrow(/only grows/u);
    await store.close();
  });
});
