import { describe, expect, it } from "vitest";

import { clusterOfTests, openStore } from "./test-support/open-store.ts";
import { HAS_POSTGRES, KILLABLE, query, WITHOUT } from "./test-support/private-cluster.ts";

const ROW = { record: "a" };

describe.skipIf(!HAS_POSTGRES)(`an older copy that takes over${WITHOUT}`, () => {
  const cluster = clusterOfTests(KILLABLE);

  /** A store with a row that the copy has, and a row that it lacks. */
  async function openForked() {
    const url = await cluster().makeDatabase();
    const store = await openStore(url);
    await store.append("windows", [ROW]);
    cluster().backUp();
    await store.append("windows", [ROW]);
    await cluster().failOver();
    return { url, store };
  }

  it("gets no row of a process that has seen more", async () => {
    const { url, store } = await openForked();
    for (const file of ["windows", "churn"] as const) {
      await expect(store.append(file, [ROW])).rejects.toMatchObject({ exitCode: 6 });
    }
    await expect(store.refresh()).rejects.toThrow(/expected row 2 of windows as this process/u);
    expect(await query(url, "select from counterbalance.ledger_rows")).toHaveLength(1);
  });

  it("gets none either when it has grown further with other rows", async () => {
    const { url, store } = await openForked();
    const newcomer = await openStore(url);
    for (let row = 0; row < 5; row += 1) await newcomer.append("windows", [ROW]);
    await expect(store.append("windows", [ROW])).rejects.toMatchObject({ exitCode: 6 });
    await expect(store.refresh()).rejects.toMatchObject({ exitCode: 6 });
    expect(await query(url, "select from counterbalance.ledger_rows")).toHaveLength(6);
  });

  it("is no older copy for a process that has seen only what it has", async () => {
    const url = await cluster().makeDatabase();
    const store = await openStore(url);
    await store.append("windows", [ROW]);
    cluster().backUp();
    await cluster().failOver();
    expect(await store.append("windows", [ROW])).toMatchObject([{ seq: 2 }]);
  });
});
