import { beforeAll, describe, expect, it } from "vitest";

import { clusterOfTests, newFolder, openStore } from "./test-support/open-store.ts";
import { HAS_POSTGRES, query, WITHOUT } from "./test-support/private-cluster.ts";

function asUser(url: string, user: string): string {
  return url.replace("postgres@", `${user}@`);
}

const FORBIDDEN = [
  "update counterbalance.ledger_rows set line = ''",
  "delete from counterbalance.ledger_rows",
  "truncate counterbalance.ledger_rows",
  "delete from counterbalance.ledger_heads",
  "truncate counterbalance.ledger_heads",
  "drop table counterbalance.ledger_rows",
  "drop schema counterbalance cascade",
  "alter table counterbalance.ledger_rows disable trigger all",
  "alter table counterbalance.ledger_rows drop column line",
  "drop trigger rows_never_change on counterbalance.ledger_rows",
  "create table counterbalance.other (x int)",
  "create or replace function counterbalance.refuse_change() returns trigger language plpgsql as 'begin return new; end'",
  "insert into counterbalance.ledger (ledger_id) values ('other')",
  "insert into counterbalance.schema_version values (99)",
  "insert into counterbalance.ledger_rows values ('windows', 9, 1, 'x', 'x', null, null, null, 'x')",
  "update counterbalance.ledger_heads set seq = seq + 9",
  "update counterbalance.budgets set cap = 9",
  "select counterbalance.grant_worker()",
  "set session_replication_role = replica",
];

describe.skipIf(!HAS_POSTGRES)(`the roles of a store${WITHOUT}`, () => {
  const cluster = clusterOfTests();
  // It comes first: roles belong to all databases of the server.
  it("is left to an administrator by an owner who may not make roles", async () => {
    const admin = await cluster().makeDatabase();
    const owner = asUser(admin, "owner");
    await query(admin, "create role owner login");
    await query(admin, "create role first_clerk login");
    await query(
      admin,
      "do $$ begin execute format('alter database %I owner to owner', current_database()); end $$",
    );
    const folder = newFolder();
    await (await openStore(owner, { folder })).append("windows", [{ record: "a" }]);
    for (const name of ["worker", "recorder"]) {
      await query(admin, `create role counterbalance_${name} nologin`);
      await query(owner, `select counterbalance.grant_${name}()`);
    }
    await query(admin, "grant counterbalance_recorder to first_clerk");
    const store = await openStore(asUser(admin, "first_clerk"));
    expect(await store.append("windows", [{ record: "b" }])).toMatchObject([{ seq: 2 }]);
  });

  describe("in a prepared store", () => {
    let url: string;
    beforeAll(async () => {
      url = await cluster().makeDatabase();
      await query(url, "create role helper login");
      await query(url, "create role clerk login");
      await query(url, "create role stranger login");
    });

    it("let a person who records append rows, to new files too", async () => {
      await (await openStore(url)).append("windows", [{ record: "a" }]);
      await query(url, "grant counterbalance_worker to helper");
      await query(url, "grant counterbalance_recorder to clerk");
      const store = await openStore(asUser(url, "clerk"));
      await store.append("windows", [{ record: "b", id: "one" }]);
      await store.append("churn", [{ record: "c" }]);
      const again = await store.append("windows", [{ record: "b", id: "one" }]);
      expect(again).toMatchObject([{ seq: 2 }]);
    });

    it("let a worker read the ledger, and add nothing to it by hand", async () => {
      const store = await openStore(asUser(url, "helper"));
      expect([...store.read("windows")]).toHaveLength(2);
      const appended = store.append("windows", [{ record: "c" }]);
      await expect(appended).rejects.toThrow(/grant counterbalance_recorder to/u);
    });

    it.each(FORBIDDEN)("are not enough for: %s", async (sql) => {
      for (const user of ["helper", "clerk"]) {
        await expect(query(asUser(url, user), sql)).rejects.toThrow(/denied|must be owner/u);
      }
    });

    it("are named to a user who has none", async () => {
      const opened = openStore(asUser(url, "stranger"));
      await expect(opened).rejects.toThrow(/grant counterbalance_worker to/u);
    });
  });
});
