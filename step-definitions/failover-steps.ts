import assert from "node:assert/strict";

import { Given, Then, When } from "@cucumber/cucumber";

import {
  HAS_POSTGRES,
  KILLABLE,
  type PrivateCluster,
  query,
  startPrivateCluster,
} from "../ledger/store/postgres/test-support/private-cluster.ts";
import { workersOf } from "./support/store-workers.ts";
import { waitUntil } from "./support/wait-until.ts";
import type { ExperimentWorld } from "./support/world.ts";

/** A server of a scenario, and when it failed over. */
const servers = new WeakMap<ExperimentWorld, { cluster: PrivateCluster; failedOver: string }>();

Given(
  "an empty PostgreSQL database as the store, on a server of its own",
  async function (this: ExperimentWorld) {
    if (!HAS_POSTGRES) return "skipped";
    const cluster = await startPrivateCluster(KILLABLE);
    this.cleanups.push(() => cluster.stop());
    servers.set(this, { cluster, failedOver: "" });
    this.variables["COUNTERBALANCE_STORE"] = await cluster.makeDatabase();
    return undefined;
  },
);

When(
  "the server of {string} fails over to a copy without its last rows",
  async function (this: ExperimentWorld, line: string) {
    const server = servers.get(this);
    if (server === undefined) return;
    this.start(line);
    await finalsInStore(this, 2);
    server.cluster.backUp();
    await finalsInStore(this, 4);
    const [now] = await tellStore<{ at: string }>(this, "select clock_timestamp()::text as at");
    server.failedOver = now?.at ?? "";
    await server.cluster.failOver();
    await this.finish();
  },
);

Then(
  "each of its workers ends with exit code {int}, and says {string}, and nothing was written to the copy",
  async function (this: ExperimentWorld, code: number, text: string) {
    await assertWorkersEnd(this, code, text);
    await assertCopyUnchanged(this);
  },
);

async function assertWorkersEnd(world: ExperimentWorld, code: number, text: string): Promise<void> {
  for (const worker of workersOf(world).values()) {
    const { exitCode, stderr } = await worker.ended();
    assert.equal(exitCode, code, stderr);
    assert.ok(stderr.includes(text), stderr);
  }
}

async function assertCopyUnchanged(world: ExperimentWorld): Promise<void> {
  const rows = await tellStore<{ line: string }>(
    world,
    "select line from counterbalance.ledger_rows where (line::jsonb ->> 'recorded_at')::timestamptz > $1",
    [servers.get(world)?.failedOver],
  );
  assert.deepEqual(rows, []);
}

Then("each of its workers has said once {string}", function (this: ExperimentWorld, text: string) {
  for (const worker of workersOf(this).values()) {
    assert.equal(worker.printed().split(text).length, 2, worker.printed());
  }
});

/** Waits until so many windows are final in the database. */
async function finalsInStore(world: ExperimentWorld, count: number): Promise<void> {
  const counted = "select from counterbalance.ledger_rows where record = 'window_finalized'";
  await waitUntil(
    async () => (await tellStore(world, counted).catch(() => [])).length >= count,
    () => world.running?.printed() ?? "",
  );
}

async function tellStore<Found extends object>(
  world: ExperimentWorld,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly Found[]> {
  return await query<Found>(world.variables["COUNTERBALANCE_STORE"] ?? "", sql, values);
}
