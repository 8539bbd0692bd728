import assert from "node:assert/strict";

import { describe, expect, it } from "vitest";

import {
  clusterOfTests,
  openStore,
} from "../../../ledger/store/postgres/test-support/open-store.ts";
import {
  HAS_POSTGRES,
  KILLABLE,
  query,
  WITHOUT,
} from "../../../ledger/store/postgres/test-support/private-cluster.ts";
import { UNBOUNDED } from "../../gateway/budgets/budget-unit.ts";
import { openPostgresSwitchboard } from "./open-switchboard.ts";
import { EXPERIMENT, finalOf, jobOf, openStage, rowOf } from "./test-support/bad-worker.ts";
import { openBoard } from "./test-support/open-board.ts";

const DAMAGED = { exitCode: 6 };

describe.skipIf(!HAS_POSTGRES)(`an older copy that takes over${WITHOUT}`, () => {
  const cluster = clusterOfTests(KILLABLE);

  it("is refused by coordinator and workers, which write nothing", async () => {
    const url = await cluster().makeDatabase();
    const { workers, honest, mallory, close } = await openStage(url);
    cluster().backUp();
    await workers.mallory.finish(mallory.claim, finalOf("W0-02", 1));
    await workers.honest.begin(honest.claim, [
      { file: "snapshots", rows: [rowOf("W0-01", "snapshot_taken")] },
    ]);
    await cluster().failOver();
    const before = await everything(url);
    const seeker = { name: "honest", machineClass: "small", experiments: [EXPERIMENT] };
    const { claim } = honest;
    await refuseAll([
      () => workers.honest.begin(claim, []),
      () => workers.honest.finish(claim, finalOf("W0-01", 1)),
      () => workers.honest.recordLate(claim, finalOf("W0-01", 1)),
      () => workers.honest.keep(claim),
      () => workers.honest.claim(seeker),
      () => workers.honest.sessions(),
    ]);
    expect(await everything(url)).toEqual(before);
    await close();
  });

  it("is refused by a coordinator whatever it does, and for every window that it has handed out", async () => {
    const url = await cluster().makeDatabase();
    const stage = await openStage(url);
    const store = await openStore(url);
    const { database, parts: ledger } = store;
    const coordinator = await openPostgresSwitchboard({ database, ledger, isOwner: true });
    cluster().backUp();
    await stage.workers.mallory.finish(stage.mallory.claim, finalOf("W0-02", 1));
    await store.refresh();
    const id = await coordinator.enqueue(jobOf("W0-04"));
    const newcomer = await openBoard(url, { isOwner: false });
    const seeker = { name: "new", machineClass: "small", experiments: [EXPERIMENT] };
    const claims = [await newcomer.board.claim(seeker), await newcomer.board.claim(seeker)];
    await cluster().failOver();
    const before = await everything(url);
    const handedOut = claims.find((claim) => claim?.id === id) ?? null;
    assert.ok(handedOut !== null);
    await expect(newcomer.board.begin(handedOut, [])).rejects.toMatchObject(DAMAGED);
    await refuseAll([
      () => coordinator.reserve(EXPERIMENT, new Map([["W0-05", UNBOUNDED]])),
      () => coordinator.giveUp(EXPERIMENT, ["W0-03"]),
      () => coordinator.enqueue(jobOf("W0-04")),
      () => coordinator.statesOf([id]),
      () => coordinator.withdraw([id]),
      () => coordinator.stop(EXPERIMENT, "interrupted"),
      () => store.append("experiments", [{ record: "session_closed" }]),
    ]);
    expect(await everything(url)).toEqual(before);
    await coordinator.close();
    await newcomer.close();
    await stage.close();
  });
});

async function refuseAll(calls: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const call of calls) await expect(call()).rejects.toMatchObject(DAMAGED);
}

/** What a call might have changed. */
async function everything(url: string): Promise<readonly unknown[]> {
  const tables = ["ledger_rows", "ledger_heads", "budgets", "allowances", "deliveries", "attempts"];
  const found = [];
  for (const table of tables) {
    found.push(await query(url, `select t::text from counterbalance.${table} t order by 1`));
  }
  found.push(
    await query(url, "select id, state, retry_count from counterbalance_queue.job order by id"),
  );
  return found;
}
