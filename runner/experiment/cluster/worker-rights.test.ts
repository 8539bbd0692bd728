import assert from "node:assert/strict";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  HAS_POSTGRES,
  type PrivateCluster,
  query,
  startPrivateCluster,
  WITHOUT,
} from "../../../ledger/store/postgres/test-support/private-cluster.ts";
import { openBoard } from "./test-support/open-board.ts";

const PLANNED = {
  window: "W0-01",
  provider: "p",
  featureId: "f",
  replicate: 1,
  period: 1,
  command: "/implement f",
};

const OPENED = { record: "window_opened", experiment_id: "0123456789ab", window: "W0-01" };

describe.skipIf(!HAS_POSTGRES)(`the role of workers${WITHOUT}`, () => {
  let cluster: PrivateCluster;
  beforeAll(async () => {
    cluster = await startPrivateCluster();
  });
  afterAll(() => cluster.stop());

  it("lets a worker work with no more rights than it needs", async () => {
    const url = await cluster.makeDatabase();
    const { board: owner, close: closeOwner } = await openBoard(url, { isOwner: true });
    await query(url, "create role worker_one login in role counterbalance_worker");
    const ofWorker = url.replace("postgres@", "worker_one@");
    const { board, close } = await openBoard(ofWorker, { isOwner: false });
    const ids = { experimentId: "0123456789ab", sessionId: "one" };
    const spent = { tokens: 0, usd: 0, minutes: 0 };
    const caps = { tokens: 100, usd: null, minutes: null };
    await owner.openSession({ ...ids, details: {}, caps, spent, executedOrder: 0 });
    await owner.reserve(ids.experimentId, new Map([["W0-01", caps]]));
    await owner.enqueue({ ...ids, planned: PLANNED, machineClass: null });
    const worker = { name: "one", host: "here", machineClass: "small", slots: 1, windows: [] };
    await board.greet(worker);
    const claim = await board.claim({ ...worker, experiments: [ids.experimentId] });
    assert.ok(claim !== null);
    const rows = [{ file: "windows", rows: [OPENED] }] as const;
    expect(await board.begin(claim, rows)).toBe("begun");
    expect(await board.keep(claim)).toBe(true);
    const output = { outcome: "pass", reason: null, quality: 1, usage: { requests: 0 } } as const;
    expect(await board.finish(claim, { rows: [], spent, output })).toBe("done");
    await board.recordLate(claim, { rows: [], spent });
    await close();
    await closeOwner();
  });
});
