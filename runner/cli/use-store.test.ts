import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";

import { describe, expect, it, test } from "vitest";

import { clusterOfTests } from "../../ledger/store/postgres/test-support/open-store.ts";
import {
  HAS_POSTGRES,
  query,
  WITHOUT,
} from "../../ledger/store/postgres/test-support/private-cluster.ts";
import { type Environment, processEnvironment } from "../platform/environment/environment.ts";
import { temporaryFolder } from "../platform/test-support/temporary-folder.ts";
import { runCommandLine } from "./run-command-line.ts";

const NOBODY = "postgres://someone:sesame@127.0.0.1:9/none";

describe("a password", () => {
  it("is refused on the command line", async () => {
    const { exitCode, said } = await call(`preview --store ${NOBODY}`);
    expect(exitCode).toBe(2);
    expect(said).toContain("expected an address without a password");
    expect(said).not.toContain("sesame");
  });

  it.each([
    NOBODY,
    "postgres://someone@127.0.0.1:9/none?password=sesame",
    "sesame",
    "postgres://sesame",
  ])("is not shown if %s does not work", async (url) => {
    const { exitCode, said } = await call("preview", { COUNTERBALANCE_STORE: url });
    expect(exitCode).not.toBe(0);
    expect(said).not.toContain("sesame");
  });
});

test("a command that uses no ledger does not ask a store", async () => {
  const { exitCode } = await call("prices list", { COUNTERBALANCE_STORE: NOBODY });
  expect(exitCode).toBe(0);
});

describe.skipIf(!HAS_POSTGRES)(`commands with a store${WITHOUT}`, () => {
  const cluster = clusterOfTests();

  it("say that an empty database has no ledger, and leave it empty", async () => {
    const store = await cluster().makeDatabase();
    for (const line of ["preview", "audit --window W0-07", "ledger verify"]) {
      const { exitCode, said } = await call(`${line} --store ${store}`);
      expect([exitCode, said]).toEqual([2, expect.stringContaining("there is no ledger here")]);
    }
  });

  it("read on one machine what was written on another, whether by option or by variable", async () => {
    const store = await cluster().makeDatabase();
    const before = "snapshot before codex --window W0-07 --file pane.txt --time-zone UTC";
    const at = "--at 2025-10-19T10:00:00Z";
    expect(await call(`${before} ${at} --store ${store}`)).toMatchObject({ exitCode: 0 });
    const audited = await call("audit --window W0-07", { COUNTERBALANCE_STORE: store });
    expect(audited.said).toContain("attempt 1 before 2025-10-19T10:00:00.000Z");
  });

  it("keep the address for the commands that they show, without a password", async () => {
    const store = await cluster().makeDatabase();
    const secret = store.replace("postgres@", "postgres:sesame@");
    const shown = await call(`plan --json --store ${store}`);
    expect(JSON.parse(shown.said).settings.paths).toEqual({ config: null, store });
    const hidden = await call("plan --json", { COUNTERBALANCE_STORE: secret });
    expect(JSON.parse(hidden.said).settings.paths).toEqual({ config: null });
  });

  it("refuse a database that has lost what this machine has copied", async () => {
    const store = await cluster().makeDatabase();
    const cwd = newFolder();
    await call(`backlog ready search --store ${store}`, {}, cwd);
    await cluster().empty(store);
    for (const line of ["backlog list", "backlog ready sort"]) {
      const { exitCode, said } = await call(`${line} --store ${store}`, {}, cwd);
      expect([exitCode, said]).toEqual([6, expect.stringContaining("another one or none")]);
    }
  });
});

describe.skipIf(!HAS_POSTGRES)(`commands on copies of a store${WITHOUT}`, () => {
  const cluster = clusterOfTests();

  it("verify what the database has, and not only what this machine has copied", async () => {
    const store = await cluster().makeDatabase();
    const cwd = newFolder();
    await call(`backlog ready search --store ${store}`, {}, cwd);
    expect(await call(`ledger verify --store ${store}`, {}, cwd)).toMatchObject({ exitCode: 0 });
    await query(
      store,
      `set session_replication_role = replica;
       update counterbalance.ledger_rows set line = replace(line, 'search', 'sharks')`,
    );
    const { exitCode, said } = await call(`ledger verify --store ${store}`, {}, cwd);
    expect([exitCode, said]).toEqual([6, expect.stringContaining("backlog.jsonl, line 1")]);
    expect(said).toContain(`in ${store}`);
    expect(globSync(".experiment/stores/*/state/*", { cwd })).toEqual([]);
  });

  it("put an export into an empty database, and into a data folder, and refuse any other", async () => {
    const [store, other] = [await cluster().makeDatabase(), await cluster().makeDatabase()];
    const cwd = newFolder();
    await call(`backlog ready search --store ${store}`, {}, cwd);
    await call(`ledger export --to jsonl --out copy --store ${store}`, {}, cwd);
    for (const into of [`--store ${other}`, "--data-dir files"]) {
      const line = `ledger import copy ${into}`;
      const { exitCode, said } = await call(line, {}, cwd);
      expect([exitCode, said]).toEqual([0, expect.stringContaining("1 row imported into")]);
      expect((await call(`backlog list ${into}`, {}, cwd)).said).toContain("search");
      expect((await call(line, {}, cwd)).exitCode).toBe(2);
    }
    const file = path.join(cwd, "copy/backlog.jsonl");
    writeFileSync(file, readFileSync(file, "utf8").replace("search", "sharks"));
    const damaged = await call(`ledger import copy --data-dir new`, {}, cwd);
    expect([damaged.exitCode, existsSync(path.join(cwd, "new/ledger"))]).toEqual([6, false]);
    expect(await call("ledger import pane.txt", {}, cwd)).toMatchObject({ exitCode: 2 });
  });

  it("read an exported copy as it is, although a variable names a store", async () => {
    const store = await cluster().makeDatabase();
    const cwd = newFolder();
    const variables = { COUNTERBALANCE_STORE: store };
    await call("backlog ready search", variables, cwd);
    expect(await call("ledger export --to jsonl --out copy", variables, cwd)).toMatchObject({
      exitCode: 0,
    });
    await call("backlog ready sort", variables, cwd);
    const { said } = await call("ledger verify --data-dir copy", variables, cwd);
    expect(said).toContain("1 rows");
    expect(await call(`ledger verify --data-dir copy --store ${store}`, {}, cwd)).toMatchObject({
      exitCode: 2,
    });
    expect(existsSync(path.join(cwd, "copy/stores"))).toBe(false);
  });
});

function newFolder(): string {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "pane.txt"), "5h limit: [█] 1% used (resets 13:01)");
  return folder;
}

/** Runs a command in a folder of its own, as on another machine. */
async function call(
  line: string,
  variables: Environment["variables"] = {},
  cwd = newFolder(),
): Promise<{ readonly exitCode: number; readonly said: string }> {
  const output = new PassThrough();
  const said = text(output);
  const exitCode = await runCommandLine(line.split(" "), {
    ...processEnvironment(),
    cwd,
    variables,
    stdout: output,
    stderr: output,
  });
  output.end();
  return { exitCode, said: await said };
}
