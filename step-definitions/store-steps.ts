import assert from "node:assert/strict";

import { AfterAll, Given, Then, When } from "@cucumber/cucumber";

import type { LedgerFile } from "../ledger/domain/ledger-file.ts";
import { HAS_POSTGRES, query } from "../ledger/store/postgres/test-support/private-cluster.ts";
import { HAS_PGBOUNCER, startPgbouncer } from "./support/pgbouncer.ts";
import { stopStoreServer, storeServer, useEmptyDatabase } from "./support/store-server.ts";
import { waitUntil } from "./support/wait-until.ts";
import type { ExperimentWorld } from "./support/world.ts";

/** The setting with which an administrator switches the database's protection off. */
const UNPROTECTED = "set session_replication_role = replica;";

AfterAll(stopStoreServer);

/** Why the database refused a statement. */
const refusals = new WeakMap<ExperimentWorld, string>();

Given("the store {string}", function (this: ExperimentWorld, address: string) {
  this.variables["COUNTERBALANCE_STORE"] = address;
});

Given("an empty PostgreSQL database as the store", async function (this: ExperimentWorld) {
  if (!HAS_POSTGRES) return "skipped";
  await useEmptyDatabase(this);
  return undefined;
});

Given(
  "an empty PostgreSQL database behind PgBouncer in {word} mode as the store",
  async function (this: ExperimentWorld, mode: string) {
    if (!HAS_POSTGRES || !HAS_PGBOUNCER) return "skipped";
    await useEmptyDatabase(this);
    const { port } = await storeServer();
    const pooler = await startPgbouncer(port, mode);
    this.cleanups.push(() => pooler.stop());
    const address = new URL(this.variables["COUNTERBALANCE_STORE"] ?? "");
    address.port = String(pooler.port);
    this.variables["COUNTERBALANCE_STORE"] = address.href;
    return undefined;
  },
);

Given(/^its database is (killed|paused)$/u, async function (this: ExperimentWorld, what: string) {
  const server = await storeServer();
  if (what === "killed") {
    await server.kill();
    this.cleanups.push(() => server.start());
  } else {
    server.pause();
    this.cleanups.push(() => server.goOn());
  }
});

Given(
  "it was imported into an empty PostgreSQL database, now the store",
  async function (this: ExperimentWorld) {
    if (!HAS_POSTGRES) return "skipped";
    await useEmptyDatabase(this);
    await this.run("experiment ledger import .experiment");
    assert.equal(this.last.exitCode, 0, this.last.stderr);
    this.isExitCodeSeen = true;
    return undefined;
  },
);

Given(
  "{string} has been run on another machine",
  async function (this: ExperimentWorld, line: string) {
    this.write("pane.txt", "5h limit: [█] 1% used (resets 13:01)");
    await this.run(`${line} --time-zone UTC --at 2025-10-19T10:00:00Z --data-dir another-machine`);
    assert.equal(this.last.exitCode, 0, this.last.stderr);
    this.isExitCodeSeen = true;
  },
);

Given(
  "somebody has switched off its protection and changed the first row of {string}",
  async function (this: ExperimentWorld, file: LedgerFile) {
    await tell(
      this,
      `${UNPROTECTED} update counterbalance.ledger_rows
       set line = replace(line, 'W0-01', 'W0-02') where file = '${file}' and seq = 1`,
    );
  },
);

Given(
  "the database was restored from a copy without the last row of {string}",
  async function (this: ExperimentWorld, file: LedgerFile) {
    await tell(
      this,
      `${UNPROTECTED} delete from counterbalance.ledger_rows where file = '${file}'
         and seq = (select max(seq) from counterbalance.ledger_rows where file = '${file}');
       update counterbalance.ledger_heads set seq = seq - 1 where file = '${file}'`,
    );
  },
);

Given("in that database: {string}", async function (this: ExperimentWorld, sql: string) {
  if (!HAS_POSTGRES) return "skipped";
  const { pathname } = new URL(this.variables["COUNTERBALANCE_STORE"] ?? "");
  await tell(this, sql.replace("DB", pathname.slice(1)));
  return undefined;
});

Given("the user {string} of that database", async function (this: ExperimentWorld, user: string) {
  if (!HAS_POSTGRES) return "skipped";
  await tell(this, `create role ${user} login`);
  const address = new URL(this.variables["COUNTERBALANCE_STORE"] ?? "");
  address.username = user;
  this.variables["COUNTERBALANCE_STORE"] = address.href;
  return undefined;
});

When(
  /^I look at the store(?: with "(.*)")?$/u,
  async function (this: ExperimentWorld, options: string | undefined) {
    await lookAtStore(this, options ?? "");
  },
);

Then("it prints or says once {string}", function (this: ExperimentWorld, text: string) {
  const told = this.last.stdout + this.last.stderr;
  assert.equal(told.split(text).length, 2, told);
});

When("the database's owner deletes the rows of the ledger", async function (this: ExperimentWorld) {
  const refusal = await tell(this, "delete from counterbalance.ledger_rows").then(
    () => "",
    (error: unknown) => String(error),
  );
  refusals.set(this, refusal);
});

When(
  "the database is started as soon as {string} waits for it",
  async function (this: ExperimentWorld, line: string) {
    this.start(line);
    await waitUntil(() => this.running?.printed().includes("Waiting for it") === true);
    await (await storeServer()).start();
    await this.finish();
  },
);

Then(
  "the database does not have the text {string}",
  async function (this: ExperimentWorld, text: string) {
    const tables = ["workers", "sessions", "ledger_rows", "deliveries"];
    const found = tables.map(
      (name) => `select to_jsonb(t)::text as row from counterbalance.${name} t`,
    );
    const rows = await query<{ row: string }>(
      this.variables["COUNTERBALANCE_STORE"] ?? "",
      found.join(" union all "),
    );
    assert.notEqual(rows.length, 0);
    assert.deepEqual(
      rows.filter(({ row }) => row.includes(text)),
      [],
    );
  },
);

Then("the database refuses because {string}", function (this: ExperimentWorld, reason: string) {
  const refusal = refusals.get(this) ?? "";
  assert.ok(refusal.includes(reason), refusal);
});

async function lookAtStore(world: ExperimentWorld, options: string): Promise<void> {
  const { COUNTERBALANCE_STORE: address = "" } = world.variables;
  if (!HAS_POSTGRES) return;
  await world.run(`experiment doctor --store ${address} ${options}`.trim());
}

async function tell(world: ExperimentWorld, statement: string): Promise<void> {
  await query(world.variables["COUNTERBALANCE_STORE"] ?? "", statement);
}
