import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { readStoreAddress } from "../store/postgres/store-address.ts";
import { clusterOfTests, newFolder, openStore } from "../store/postgres/test-support/open-store.ts";
import { HAS_POSTGRES, query, WITHOUT } from "../store/postgres/test-support/private-cluster.ts";
import { makeCheckpoint } from "./make-checkpoint.ts";
import { verifyLedger } from "./verify-ledger.ts";
import { writeOutStore } from "./write-out-store.ts";

async function findings({ url, copy }: { readonly url: string; readonly copy: string }) {
  const out = newFolder();
  const before = await writeOutStore(readStoreAddress(url, "test"), { out, copy });
  const { findings: ofRows } = verifyLedger(out, { mode: "full", isParsed: true });
  return [...(before ?? []), ...ofRows].map(({ kind, severity }) => `${severity} ${kind}`);
}

describe.skipIf(!HAS_POSTGRES)(`verification of a store${WITHOUT}`, () => {
  const cluster = clusterOfTests();

  /** A store with rows in several segments, and the folder of its copy. */
  async function filled() {
    const url = await cluster().makeDatabase();
    const copy = newFolder();
    const store = await openStore(url, { folder: copy, segmentBytesMax: 1_000 });
    for (let row = 0; row < 7; row += 1) await store.append("windows", [{ record: "a", row }]);
    await makeCheckpoint(store);
    await store.close();
    return { url, copy };
  }

  it("finds nothing where nothing was changed", async () => {
    expect(await findings(await filled())).toEqual([]);
  });

  it("finds no ledger in an empty database", async () => {
    const address = readStoreAddress(await cluster().makeDatabase(), "test");
    expect(await writeOutStore(address, { out: newFolder(), copy: "/none" })).toBeUndefined();
  });

  it.each([
    ["damage no-row", `update ledger_rows set line = replace(line, '"row":2', '"row":3')`],
    ["damage chain-broken", "delete from ledger_rows where seq = 3"],
    ["damage head-mismatch", "delete from ledger_rows where seq > 7 and file = 'windows'"],
    ["damage head-mismatch", "update ledger_heads set h = 'other' where file = 'windows'"],
    ["damage head-mismatch", "delete from ledger_heads where file = 'windows'"],
    ["damage head-mismatch", "update ledger_rows set seq = 90000 where seq = 7"],
    ["damage no-row", "update ledger_rows set line = repeat('x', 9000000) where seq = 2"],
    ["damage copy-mismatch", "delete from ledger_rows; delete from ledger_heads"],
    ["damage header", "update ledger set ledger_id = 'other'"],
    ["damage segment-end", "update ledger_rows set segment = 1 where segment = 2"],
  ])("finds %s after: %s", async (kind, sql) => {
    const store = await filled();
    const unguarded = "set session_replication_role = replica; set search_path = counterbalance;";
    await query(store.url, `${unguarded} ${sql}`);
    expect(await findings(store)).toContain(kind);
  });

  it("does not blame the database for a copy that is damaged itself", async () => {
    const store = await filled();
    const file = path.join(store.copy, "windows.000001.jsonl");
    writeFileSync(file, readFileSync(file, "utf8").replace('"row":1', '"row":9'));
    expect(await findings(store)).toEqual(["note copy-mismatch"]);
  });
});
