import assert from "node:assert/strict";

import { AfterAll, Given, Then, When } from "@cucumber/cucumber";

import type { LedgerFile } from "../ledger/domain/ledger-file.ts";
import {
  HAS_POSTGRES,
  type PrivateCluster,
  query,
  startPrivateCluster,
  UNSYNCED,
} from "../ledger/store/postgres/test-support/private-cluster.ts";
import type { ExperimentWorld } from "./support/world.ts";

/** The setting with which an administrator switches the database's protection off. */
const UNPROTECTED = "set session_replication_role = replica;";

/** One server for all scenarios of this process. */
let cluster: Promise<PrivateCluster> | undefined;

AfterAll(async function () {
  await (await cluster)?.stop();
});

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

When("the database's owner deletes the rows of the ledger", async function (this: ExperimentWorld) {
  const refusal = await tell(this, "delete from counterbalance.ledger_rows").then(
    () => "",
    (error: unknown) => String(error),
  );
  refusals.set(this, refusal);
});

Then("the database refuses because {string}", function (this: ExperimentWorld, reason: string) {
  const refusal = refusals.get(this) ?? "";
  assert.ok(refusal.includes(reason), refusal);
});

async function useEmptyDatabase(world: ExperimentWorld): Promise<void> {
  cluster ??= startPrivateCluster(UNSYNCED);
  world.variables["COUNTERBALANCE_STORE"] = await (await cluster).makeDatabase();
}

async function tell(world: ExperimentWorld, statement: string): Promise<void> {
  await query(world.variables["COUNTERBALANCE_STORE"] ?? "", statement);
}
