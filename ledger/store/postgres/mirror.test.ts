import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { findingsIn } from "../test-support/findings-in.ts";
import { clusterOfTests, newFolder, openStore } from "./test-support/open-store.ts";
import { HAS_POSTGRES, query, WITHOUT } from "./test-support/private-cluster.ts";

describe.skipIf(!HAS_POSTGRES)(`this machine's copy of a store${WITHOUT}`, () => {
  const cluster = clusterOfTests();
  it.each<readonly [string, (file: string) => void]>([
    ["was torn within a row", (file) => truncateSync(file, readFileSync(file).length - 30)],
    ["lacks its last newline", (file) => truncateSync(file, readFileSync(file).length - 1)],
    ["has garbage at its end", (file) => appendFileSync(file, "garbage")],
    ["has lost a file", (file) => rmSync(file)],
    ["has a flipped bit", (file) => writeFileSync(file, readFileSync(file).fill(0x20, 100, 101))],
    ["has lost its header", (file) => rmSync(path.join(path.dirname(file), "ledger.json"))],
    ["was removed", (file) => rmSync(path.dirname(file), { recursive: true })],
  ])("is whole again after it %s", async (_what, harm) => {
    const url = await cluster().makeDatabase();
    const folder = newFolder();
    const store = await openStore(url, { folder });
    for (let row = 0; row < 3; row += 1) await store.append("windows", [{ record: "a" }]);
    await store.close();
    harm(path.join(folder, "windows.jsonl"));
    const again = await openStore(url, { folder });
    expect([...again.read("windows")]).toHaveLength(3);
    await again.append("windows", [{ record: "b" }]);
    expect([...again.read("windows")]).toHaveLength(4);
    expect(findingsIn(folder)).toEqual([]);
  });
});

describe.skipIf(!HAS_POSTGRES)(`a database that lost rows${WITHOUT}`, () => {
  const cluster = clusterOfTests();
  const unguarded = "set session_replication_role = replica;";

  it.each([
    ["lacks its last row", "delete from counterbalance.ledger_rows where seq = 3"],
    [
      "has another last row",
      "update counterbalance.ledger_rows set line = (select line from counterbalance.ledger_rows where seq = 2) where seq = 3",
    ],
    [
      "has lost all rows",
      "truncate counterbalance.ledger_rows; truncate counterbalance.ledger_heads",
    ],
    ["has another ledger", "update counterbalance.ledger set ledger_id = 'other'"],
  ])("is refused by a machine that has copied them: it %s", async (_what, sql) => {
    const url = await cluster().makeDatabase();
    const folder = newFolder();
    const store = await openStore(url, { folder });
    for (let row = 0; row < 3; row += 1) await store.append("windows", [{ record: "a" }]);
    await store.close();
    const before = readFileSync(path.join(folder, "windows.jsonl"));
    await query(url, `${unguarded} ${sql}`);
    await expect(openStore(url, { folder })).rejects.toMatchObject({ exitCode: 6 });
    expect(readFileSync(path.join(folder, "windows.jsonl"))).toEqual(before);
  });

  it("is not copied where a row was changed", async () => {
    const url = await cluster().makeDatabase();
    const store = await openStore(url);
    for (let row = 0; row < 3; row += 1) await store.append("windows", [{ record: "a" }]);
    await query(
      url,
      `${unguarded} update counterbalance.ledger_rows set line = replace(line, '"a"', '"b"') where seq = 2`,
    );
    await expect(openStore(url)).rejects.toThrow(/expected row 2 of windows/u);
  });
});
