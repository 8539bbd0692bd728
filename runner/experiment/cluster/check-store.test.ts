import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

import { readStoreAddress } from "../../../ledger/store/postgres/store-address.ts";
import { makeAuthority } from "../../../ledger/store/postgres/test-support/certificates.ts";
import {
  HAS_POSTGRES,
  type PrivateCluster,
  query,
  startPrivateCluster,
  UNSYNCED,
  WITHOUT,
} from "../../../ledger/store/postgres/test-support/private-cluster.ts";
import { manualClock } from "../../../ledger/store/test-support/manual-clock.ts";
import { processEnvironment } from "../../platform/environment/environment.ts";
import { checkStore } from "./check-store.ts";
import { asUser } from "./test-support/bad-worker.ts";
import { openBoard } from "./test-support/open-board.ts";

const { clock } = processEnvironment();

/** A server that takes only encrypted connections by TCP, for the tests around the call. */
function useServer() {
  let cluster: PrivateCluster | undefined;
  let folder = "";
  const encrypted = (database: string): string => {
    const trust = `sslmode=verify-full&sslrootcert=${path.join(folder, "own.pem")}`;
    return `postgres://postgres@localhost:${String(cluster?.port)}/${database}?${trust}`;
  };
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "counterbalance-certificates-"));
    const authority = await makeAuthority("own");
    writeFileSync(path.join(folder, "own.pem"), authority.pem);
    const certificate = await authority.certify({ type: "dns", value: "localhost" });
    cluster = await startPrivateCluster(UNSYNCED, certificate);
    await query(encrypted("postgres"), "create role helper login; create role clerk login");
  });
  afterAll(async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  /** A store of its own that a run has prepared. */
  const prepared = async (): Promise<string> => {
    const name = `d_${crypto.randomUUID().replaceAll("-", "")}`;
    await query(encrypted("postgres"), `create database ${name}`);
    const { close } = await openBoard(encrypted(name), { isOwner: true });
    onTestFinished(close);
    return encrypted(name);
  };
  return { encrypted, prepared };
}

describe.skipIf(!HAS_POSTGRES)(`a look at a store's rights${WITHOUT}`, () => {
  const { prepared } = useServer();

  it("says what each user may do", async () => {
    const url = await prepared();
    await query(url, "grant counterbalance_worker to helper");
    await query(url, "grant counterbalance_recorder to clerk");
    const found = { state: "ok", mend: null };
    expect(await partOf(url, "role")).toMatchObject({
      ...found,
      found: "postgres owns the tables, and can coordinate",
    });
    expect(await partOf(asUser(url, "helper"), "role")).toMatchObject({
      ...found,
      found: "helper can work windows",
    });
    expect(await partOf(asUser(url, "helper"), "queue")).toMatchObject(found);
    expect(await partOf(asUser(url, "clerk"), "role")).toMatchObject({
      ...found,
      found: "clerk can record by hand",
    });
  });

  it("misses the rights of a worker to the queue", async () => {
    const url = await prepared();
    await query(url, "grant counterbalance_worker to helper");
    await query(url, "revoke all on schema counterbalance_queue from counterbalance_worker");
    expect(await partOf(asUser(url, "helper"), "queue")).toMatchObject({
      state: "missing",
      found: "helper may not use it",
    });
  });
});

describe.skipIf(!HAS_POSTGRES)(`a look at a store${WITHOUT}`, () => {
  const { encrypted, prepared } = useServer();

  it("names the encryption that the server answers with", async () => {
    expect(await partOf(encrypted("postgres"), "encryption")).toMatchObject({
      state: "ok",
      found: expect.stringMatching(/^TLSv1\.\d TLS_/u),
    });
  });

  it.each([
    [1, "The next command of the tables' owner brings it up to date"],
    [99, "Use the program's later version"],
  ])("says what to do about tables of version %i", async (version, remedy) => {
    const url = await prepared();
    await query(url, "delete from counterbalance.schema_version");
    await query(url, `insert into counterbalance.schema_version values (${String(version)})`);
    const schema = await partOf(url, "schema");
    expect(schema?.state).toBe("missing");
    expect(schema?.mend).toContain(remedy);
  });

  it("counts workers, other programs, and the limit of the database", async () => {
    const url = await prepared();
    const other = await openBoard(encrypted("postgres"), { isOwner: true });
    onTestFinished(other.close);
    for (const name of ["one", "two"]) {
      const details = JSON.stringify({ name });
      await query(url, "select counterbalance.greet($1, $2)", [name, details]);
    }
    const used = await partOf(url, "connections");
    expect(used?.found).toMatch(
      /^197, others use [1-4]; needed: 4 × 2 for workers and 5 for a run$/u,
    );
    const { pathname } = new URL(url);
    await query(url, `alter database ${pathname.slice(1)} connection limit 12`);
    expect(await partOf(url, "connections")).toMatchObject({ state: "missing" });
  });

  it("compares the clocks", async () => {
    const parts = await look(encrypted("postgres"), manualClock());
    expect(parts.find(({ part }) => part === "clock")).toMatchObject({ state: "missing" });
  });
});

async function look(url: string, itsClock = clock) {
  const address = readStoreAddress(url, "test");
  return await checkStore({ address, clock: itsClock, workers: undefined });
}

async function partOf(url: string, name: string) {
  return (await look(url)).find(({ part }) => part === name);
}
