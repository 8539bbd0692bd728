import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, onTestFinished } from "vitest";

import { manualClock } from "../../test-support/manual-clock.ts";
import {
  type PostgresStore,
  type PostgresStoreOptions,
  openPostgresStore,
} from "../postgres-store.ts";
import { readStoreAddress } from "../store-address.ts";
import { type PrivateCluster, startPrivateCluster, UNSYNCED } from "./private-cluster.ts";

/** A PostgreSQL of the tests around the call. */
export function clusterOfTests(settings: readonly string[] = UNSYNCED): () => PrivateCluster {
  let cluster: PrivateCluster | undefined;
  beforeAll(async () => {
    cluster = await startPrivateCluster(settings);
  });
  afterAll(() => cluster?.stop());
  return () => {
    if (cluster === undefined) throw new Error("PostgreSQL has not started.");
    return cluster;
  };
}

/** A folder of the running test's own for a ledger, which is not there yet. */
export function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-mirror-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return path.join(folder, "ledger");
}

/** A store of the running test, on a machine of its own. */
export async function openStore(
  url: string,
  options: Partial<PostgresStoreOptions> = {},
): Promise<PostgresStore> {
  const store = await openPostgresStore({
    address: readStoreAddress(url, "test"),
    folder: newFolder(),
    clock: manualClock(),
    agentId: "agent",
    toolVersion: "0.0.0",
    ...options,
  });
  onTestFinished(() => store.close());
  return store;
}
