import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { clusterOfTests, openStore } from "./test-support/open-store.ts";
import {
  HAS_POSTGRES,
  KILLABLE,
  type PrivateCluster,
  query,
  startPrivateCluster,
  WITHOUT,
} from "./test-support/private-cluster.ts";

/** The server writes what it has not synced to the system once in so long: a kill before that loses it. */
const LAZY = [...KILLABLE, "wal_writer_delay = 10s"];
const ROUNDS = 5;

describe.skipIf(!HAS_POSTGRES)(`a server with synchronous_commit = off${WITHOUT}`, () => {
  let cluster: PrivateCluster;
  beforeAll(async () => {
    cluster = await startPrivateCluster(LAZY);
  });
  afterAll(() => cluster.stop());
  afterEach(async () => {
    const url = cluster.addressOf("postgres");
    await query(url, "alter role postgres reset synchronous_commit");
    await query(url, "alter system reset synchronous_commit");
    await query(url, "select pg_reload_conf()");
  });

  it.each([
    ["the database", (database: string) => `alter database ${database} set`],
    ["the role", () => "alter role postgres set"],
    ["the server", () => "alter system set"],
  ])("loses no acknowledged row in a kill, if %s says so", async (_where, statement) => {
    const url = await cluster.makeDatabase();
    const database = url.slice(url.lastIndexOf("/") + 1);
    await query(url, `${statement(database)} synchronous_commit = off`);
    await query(url, "select pg_reload_conf()");
    await expect.poll(async () => await settingOf(url)).toBe("off");
    const acknowledged: unknown[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const store = await openStore(url);
      const rows = await store.append("windows", [{ record: "a" }, { record: "b" }]);
      await cluster.kill();
      acknowledged.push(...rows.map(({ id }) => id));
      await cluster.start();
    }
    const kept = await query<{ id: string }>(
      url,
      "select id from counterbalance.ledger_rows order by seq",
    );
    expect(kept.map(({ id }) => id)).toEqual(acknowledged);
  });

  it("loses none if that is said after the store was opened", async () => {
    const url = await cluster.makeDatabase();
    const store = await openStore(url);
    await store.append("windows", [{ record: "a" }]);
    await query(url, "alter system set synchronous_commit = off");
    await query(url, "select pg_reload_conf()");
    await expect.poll(async () => await settingOf(url)).toBe("off");
    await store.append("windows", [{ record: "b" }]);
    await cluster.kill();
    await cluster.start();
    expect(await query(url, "select from counterbalance.ledger_rows")).toHaveLength(2);
  });
});

describe.skipIf(!HAS_POSTGRES)(`the way in which a store commits${WITHOUT}`, () => {
  const cluster = clusterOfTests();

  it.each([
    ["off", "on"],
    ["local", "local"],
    ["remote_write", "remote_write"],
    ["on", "on"],
    ["remote_apply", "remote_apply"],
  ])("commits with %s as %s", async (given, taken) => {
    const url = await cluster().makeDatabase();
    const database = url.slice(url.lastIndexOf("/") + 1);
    await query(url, `alter database ${database} set synchronous_commit = ${given}`);
    const store = await openStore(url);
    const { rows } = await store.database.pool.query("show synchronous_commit");
    expect(rows).toEqual([{ synchronous_commit: taken }]);
  });
});

async function settingOf(url: string): Promise<string | undefined> {
  const [row] = await query<{ synchronous_commit: string }>(url, "show synchronous_commit");
  return row?.synchronous_commit;
}
