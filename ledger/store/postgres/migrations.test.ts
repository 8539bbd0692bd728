import { describe, expect, it } from "vitest";

import { genesisOf } from "../ledger-header.ts";
import { prepareRow, stampRow } from "../prepared-row.ts";
import { findingsIn } from "../test-support/findings-in.ts";
import { requireVersion } from "./migrations.ts";
import { BUNDLE_TABLES, CLUSTER_TABLES, LEDGER_TABLES } from "./schema/tables.ts";
import { clusterOfTests, newFolder, openStore } from "./test-support/open-store.ts";
import { HAS_POSTGRES, query, WITHOUT } from "./test-support/private-cluster.ts";

const ROW_ONE = stampRow(
  prepareRow("windows", { record: "a" }, { agentId: "a", toolVersion: "0", makeId: () => "one" }),
  { seq: 1, prev: genesisOf("ledger", "windows"), recordedAt: "2025-01-01T00:00:00.000Z" },
);

/** A store as version 3 of the schema left it, with one row and a worker who could write everywhere. */
async function makeVersion3(url: string): Promise<void> {
  await query(url, "create schema counterbalance");
  await query(
    url,
    "create table counterbalance.schema_version (version integer primary key, applied_at timestamptz not null default now())",
  );
  for (const sql of [LEDGER_TABLES, CLUSTER_TABLES, BUNDLE_TABLES]) await query(url, sql);
  await query(url, "insert into counterbalance.schema_version values (1), (2), (3)");
  await query(url, "insert into counterbalance.ledger (ledger_id) values ('ledger')");
  await query(
    url,
    `insert into counterbalance.ledger_rows values ('windows', 1, 1, 'one', 'a', null, null, null, $1)`,
    [ROW_ONE.line],
  );
  await query(
    url,
    "insert into counterbalance.ledger_heads values ('windows', 1, $1, $2, 1, 1, $3)",
    [ROW_ONE.h, ROW_ONE.recordedAt, ROW_ONE.line.length + 1],
  );
  await query(
    url,
    `do $$ begin create role counterbalance_worker nologin; exception when duplicate_object then null; end $$`,
  );
  await query(
    url,
    `grant usage on schema counterbalance to counterbalance_worker;
     grant select, insert, update on all tables in schema counterbalance to counterbalance_worker`,
  );
}

describe.skipIf(!HAS_POSTGRES)(`a store of an earlier version${WITHOUT}`, () => {
  const cluster = clusterOfTests();

  it("continues its rows, and revokes what workers could do", async () => {
    const url = await cluster().makeDatabase();
    await makeVersion3(url);
    await query(url, "insert into counterbalance.sessions values ('e', 's', '{}', 0, null)");
    await query(url, "create role old_worker login in role counterbalance_worker");
    const asWorker = url.replace("postgres@", "old_worker@");
    const raise = "update counterbalance.budgets set cap = 9";
    await query(asWorker, raise);
    const folder = newFolder();
    const store = await openStore(url, { folder });
    await store.append("windows", [{ record: "b" }]);
    expect([...store.read("windows")]).toMatchObject([{ id: "one" }, { seq: 2, prev: ROW_ONE.h }]);
    expect(findingsIn(folder)).toEqual([]);
    await expect(query(asWorker, raise)).rejects.toThrow(/permission denied/u);
    // Its workers and its coordinator are of an earlier version too.
    const open = await query(url, "select from counterbalance.sessions where stopped_why is null");
    expect(open).toEqual([]);
  });

  it("is left to its owner, and others are told so", async () => {
    const url = await cluster().makeDatabase();
    await makeVersion3(url);
    await query(url, "create role other_worker login in role counterbalance_worker");
    const asWorker = url.replace("postgres@", "other_worker@");
    const opened = openStore(asWorker);
    await expect(opened).rejects.toThrow(/has version 3 of its schema, and this program needs/u);
    await expect(opened).rejects.toMatchObject({ exitCode: 2 });
  });

  it("is no store for a worker, and a later one neither", async () => {
    const url = await cluster().makeDatabase();
    const { database } = await openStore(url);
    await database.connected(requireVersion);
    await query(url, "insert into counterbalance.schema_version values (99)");
    await expect(database.connected(requireVersion)).rejects.toThrow(/later version/u);
    await query(url, "delete from counterbalance.schema_version where version > 3");
    await expect(database.connected(requireVersion)).rejects.toThrow(/the owner of its tables/u);
  });
});
