import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  HAS_POSTGRES,
  type PrivateCluster,
  startPrivateCluster,
  WITHOUT,
} from "../../../ledger/store/postgres/test-support/private-cluster.ts";
import { openTrial } from "./test-support/shared-trial.ts";

describe.skipIf(!HAS_POSTGRES)(`workers of a store${WITHOUT}`, () => {
  let cluster: PrivateCluster;
  beforeAll(async () => {
    cluster = await startPrivateCluster();
  });
  afterAll(() => cluster.stop());

  it("work every window once", async () => {
    const trial = await openTrial({
      url: await cluster.makeDatabase(),
      replicates: 1,
      workMs: 10,
      cap: 2e4,
    });
    const workers = ["one", "two"].map((name) => trial.startWorker(name));
    try {
      expect(await trial.run()).toEqual({ reason: "complete" });
      await trial.store.refresh();
      const finals = [...trial.store.read("windows")].filter(
        ({ record }) => record === "window_finalized",
      );
      expect(new Set(finals.map((row) => row["window"])).size).toBe(trial.windows);
      expect(finals).toHaveLength(trial.windows);
    } finally {
      for (const worker of workers) worker.kill("SIGTERM");
      await trial.store.close();
      trial.remove();
    }
  });
});
