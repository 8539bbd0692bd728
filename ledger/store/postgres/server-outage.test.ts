import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { openStore } from "./test-support/open-store.ts";
import {
  HAS_POSTGRES,
  KILLABLE,
  type PrivateCluster,
  startPrivateCluster,
  WITHOUT,
} from "./test-support/private-cluster.ts";

describe.skipIf(!HAS_POSTGRES)(`a PostgreSQL that does not answer${WITHOUT}`, () => {
  let cluster: PrivateCluster;
  beforeAll(async () => {
    cluster = await startPrivateCluster(KILLABLE);
  });
  afterAll(() => cluster.stop());

  it("lets rows wait until it is there again", async () => {
    const store = await openStore(await cluster.makeDatabase());
    await cluster.kill();
    const waiting = store.append("windows", [{ record: "a" }]);
    await cluster.start();
    expect(await waiting).toMatchObject([{ seq: 1 }]);
  });

  it("refuses rows that have waited too long, and takes them later", async () => {
    const store = await openStore(await cluster.makeDatabase(), { waitMs: -1 });
    await cluster.kill();
    const row = { record: "a", id: "one" };
    const refused = store.append("windows", [row]);
    await expect(refused).rejects.toMatchObject({ exitCode: 1 });
    await expect(refused).rejects.toThrow(/Whether the last rows were kept is not known/u);
    await expect(store.refresh()).rejects.toThrow(/the server runs/u);
    await expect(store.heads()).rejects.toThrow(/the server runs/u);
    expect([...store.read("windows")]).toEqual([]);
    await cluster.start();
    expect(await store.append("windows", [row])).toMatchObject([{ seq: 1 }]);
  });

  it("ends the transaction of a process that is paused in it", async () => {
    const store = await openStore(await cluster.makeDatabase());
    const { rows } = await store.database.pool.query("show idle_in_transaction_session_timeout");
    expect(rows).toEqual([{ idle_in_transaction_session_timeout: "10s" }]);
  });
});
