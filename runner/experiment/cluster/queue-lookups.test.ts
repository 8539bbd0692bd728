import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  HAS_POSTGRES,
  type PrivateCluster,
  query,
  startPrivateCluster,
  WITHOUT,
} from "../../../ledger/store/postgres/test-support/private-cluster.ts";
import { NOTHING, UNBOUNDED } from "../../gateway/budgets/budget-unit.ts";
import type { PlannedWindow } from "../../plan/assignment/plan.ts";
import { openBoard } from "./test-support/open-board.ts";

const EXPERIMENT = "0123456789ab";
const JOBS = 40_000;
/** Some 230 pages are read, however many jobs there are. A lookup in a whole index reads a page for each 100 jobs. */
const PAGES_MAX = 600;
const WORKER = { name: "one", machineClass: "small", experiments: [EXPERIMENT] };
const OUTPUT = { outcome: "pass", reason: null, quality: 1, usage: { requests: 1 } } as const;

describe.skipIf(!HAS_POSTGRES)(`the queue of a store${WITHOUT}`, () => {
  let cluster: PrivateCluster;
  beforeAll(async () => {
    cluster = await startPrivateCluster();
  });
  afterAll(() => cluster.stop());

  it("finds a window without reading all jobs or a whole index", async () => {
    const url = await cluster.makeDatabase();
    const owner = await openBoard(url, { isOwner: true });
    await owner.board.openSession({
      experimentId: EXPERIMENT,
      sessionId: "s",
      details: {},
      caps: UNBOUNDED,
      spent: NOTHING,
      executedOrder: 0,
    });
    await owner.board.enqueue(jobOf("W0-00"));
    await owner.close();
    await query(url, COPIES, [JOBS]);
    await query(url, "vacuum analyze");
    const before = await countRead(url);
    const { board, close } = await openBoard(url, { isOwner: false });
    const id = await board.enqueue(jobOf("W0-02"));
    expect((await board.statesOf([id])).get(id)?.state).toBe("waiting");
    const claim = await board.claim(WORKER);
    if (claim === null) throw new Error("No window was handed out.");
    expect(await board.keep(claim)).toBe(true);
    await board.withdraw([id]);
    expect(await board.begin(claim, [])).toBe("begun");
    expect(await board.finish(claim, { rows: [], spent: NOTHING, output: OUTPUT })).toBe("done");
    // The counts of a connection are complete when it has ended.
    await close();
    await expect.poll(async () => (await countRead(url)) - before).toBeGreaterThan(0);
    expect((await countRead(url)) - before).toBeLessThan(PAGES_MAX);
  });
});

/** A job that must stay on its class of machines, so that its queue is looked up. */
function jobOf(window: string) {
  const place = { provider: "a", featureId: "f", replicate: 1, period: 2, command: "/implement" };
  const planned: PlannedWindow = { window, ...place };
  return { experimentId: EXPERIMENT, sessionId: "s", planned, machineClass: "small" };
}

/** Copies the job that waits as finished ones. $1: how often. */
const COPIES = `
  insert into counterbalance_queue.job
  select r.* from counterbalance_queue.job j, generate_series(1, $1::int) i,
    lateral jsonb_populate_record(j, jsonb_build_object(
      'id', gen_random_uuid(),
      'state', 'completed',
      'singleton_key', 'copy/' || i)) r`;

/** Pages of the queue's tables and their indexes that were read since the database was made. */
async function countRead(url: string): Promise<number> {
  const [row] = await query<{ count: string }>(
    url,
    `select coalesce(sum(heap_blks_read + heap_blks_hit
       + coalesce(idx_blks_read, 0) + coalesce(idx_blks_hit, 0)), 0) as count
     from pg_statio_user_tables where schemaname = 'counterbalance_queue'`,
  );
  return Number(row?.count);
}
