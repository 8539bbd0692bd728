import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makeAuthority } from "./test-support/certificates.ts";
import { openStore } from "./test-support/open-store.ts";
import {
  HAS_POSTGRES,
  type PrivateCluster,
  startPrivateCluster,
  UNSYNCED,
  WITHOUT,
} from "./test-support/private-cluster.ts";

const VERIFIED = "sslmode=verify-full&sslrootcert=";

describe.skipIf(!HAS_POSTGRES)(`an encrypted connection to PostgreSQL${WITHOUT}`, () => {
  let cluster: PrivateCluster;
  let folder: string;
  const file = (name: string) => path.join(folder, name);
  const address = (host: string, query: string) =>
    `postgres://postgres@${host}:${cluster.port}/postgres?${query}`;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "counterbalance-certificates-"));
    const [own, other] = [await makeAuthority("own"), await makeAuthority("other")];
    writeFileSync(file("own.pem"), own.pem);
    writeFileSync(file("other.pem"), other.pem);
    const certificate = await own.certify({ type: "dns", value: "localhost" });
    cluster = await startPrivateCluster(UNSYNCED, certificate);
  });
  afterAll(async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("works with the authority and the host of the server's certificate", async () => {
    const store = await openStore(address("localhost", VERIFIED + file("own.pem")));
    const encrypted = await store.database.pool.query(
      "select ssl from pg_stat_ssl where pid = pg_backend_pid()",
    );
    expect(encrypted.rows).toEqual([{ ssl: true }]);
  });

  it.each([
    ["another authority", "localhost", "other.pem"],
    ["another host", "127.0.0.1", "own.pem"],
  ])("is refused with %s", async (_what, host, authority) => {
    const opened = openStore(address(host, VERIFIED + file(authority)));
    await expect(opened).rejects.toThrow(/sslrootcert names the file of the authority/u);
  });

  it.each([
    ["without an authority's file", VERIFIED + "/nowhere/ca.pem", /there is no such file/u],
    ["without encryption", "sslmode=disable", /no encryption/u],
    ["unless the address says how it is verified", "sslmode=require", /verify-full/u],
  ])("is refused %s", async (_what, query, message) => {
    await expect(openStore(address("localhost", query))).rejects.toThrow(message);
  });
});
