import { readFileSync, rmSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { describeLedgerStore } from "../test-support/conformance.ts";
import { clusterOfTests, newFolder, openStore } from "./test-support/open-store.ts";
import { HAS_POSTGRES, query, WITHOUT } from "./test-support/private-cluster.ts";

describe.skipIf(!HAS_POSTGRES)(`a ledger in PostgreSQL${WITHOUT}`, () => {
  const cluster = clusterOfTests();

  describeLedgerStore("PostgreSQL", async (options) =>
    openStore(await cluster().makeDatabase(), options),
  );
});

describe.skipIf(!HAS_POSTGRES)(`a ledger in PostgreSQL, from several machines${WITHOUT}`, () => {
  const cluster = clusterOfTests();

  it("shows two machines the same bytes", async () => {
    const url = await cluster().makeDatabase();
    const [ours, theirs] = [newFolder(), newFolder()];
    const one = await openStore(url, { folder: ours });
    const other = await openStore(url, { folder: theirs });
    await Promise.all([
      one.append("windows", [{ record: "a" }]),
      other.append("windows", [{ record: "b" }]),
    ]);
    await Promise.all([one.refresh(), other.refresh()]);
    const texts = [ours, theirs].map((folder) => readFileSync(path.join(folder, "windows.jsonl")));
    expect(texts[0]).toEqual(texts[1]);
    expect([...one.read("windows")]).toHaveLength(2);
  });

  it("asks a rule about rows that another machine has written to any file", async () => {
    const url = await cluster().makeDatabase();
    const [one, other] = [await openStore(url), await openStore(url)];
    await one.append("experiments", [{ record: "a" }]);
    let seen = 0;
    const unless = (ledger: Pick<typeof other, "read">) => {
      seen = [...ledger.read("experiments")].length;
      return undefined;
    };
    await other.append("windows", [{ record: "b" }], { unless });
    expect(seen).toBe(1);
  });

  it("lets a window be final once, and its grade be corrected", async () => {
    const store = await openStore(await cluster().makeDatabase());
    const final = { record: "window_finalized", experiment_id: "one", window: "W0-01" };
    const [first] = await store.append("windows", [final]);
    await store.append("windows", [{ ...final, supersedes: first?.id ?? "", quality: 1 }]);
    await expect(store.append("windows", [final])).rejects.toThrow(/one_final_row/u);
    const manual = { ...final, experiment_id: "manual" };
    await store.append("windows", [manual, manual]);
    expect([...store.read("windows")]).toHaveLength(4);
  });

  it("keeps an append whose copy this machine can't keep, and then reads nothing old", async () => {
    const url = await cluster().makeDatabase();
    const folder = newFolder();
    const store = await openStore(url, { folder });
    await store.append("windows", [{ record: "a" }]);
    const unless = () => {
      rmSync(folder, { recursive: true });
      return undefined;
    };
    await store.append("windows", [{ record: "b" }], { unless });
    expect(() => [...store.read("windows")]).toThrow(/ENOENT/u);
    expect([...(await openStore(url)).read("windows")]).toHaveLength(2);
  });
});

describe.skipIf(!HAS_POSTGRES)(`a database for a ledger${WITHOUT}`, () => {
  const cluster = clusterOfTests();

  it("says what to do about a database that can't keep a ledger", async () => {
    const url = cluster().addressOf("latin");
    await query(
      cluster().addressOf("postgres"),
      "create database latin encoding 'LATIN1' template template0",
    );
    await expect(openStore(url)).rejects.toThrow(/needs UTF8/u);
    await expect(openStore(cluster().addressOf("absent"))).rejects.toThrow(/Make the database/u);
    const later = await cluster().makeDatabase();
    await openStore(later);
    await query(later, "insert into counterbalance.schema_version values (99)");
    await expect(openStore(later)).rejects.toThrow(/later version/u);
  });

  it("is prepared once by many that come at the same time", async () => {
    const url = await cluster().makeDatabase();
    const stores = await Promise.all(Array.from({ length: 6 }, () => openStore(url)));
    expect(new Set(stores.map(({ ledgerId }) => ledgerId)).size).toBe(1);
  });

  it("takes rows of many at the same time, whatever isolation it is set to", async () => {
    const url = await cluster().makeDatabase();
    const database = url.slice(url.lastIndexOf("/") + 1);
    await query(
      url,
      `alter database ${database} set default_transaction_isolation = 'serializable'`,
    );
    const stores = await Promise.all(Array.from({ length: 6 }, () => openStore(url)));
    await Promise.all(
      stores.map(async (store) => {
        for (let count = 0; count < 5; count += 1) await store.append("windows", [{ record: "a" }]);
      }),
    );
    expect(await query(url, "select from counterbalance.ledger_rows")).toHaveLength(30);
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
    const url = await cluster().makeDatabase();
    const store = await openStore(url);
    await store.append("windows", [{ record: "a" }]);
    await expect(query(url, sql)).rejects.toThrow(/only grows/u);
  });
});
