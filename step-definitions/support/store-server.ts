import {
  type PrivateCluster,
  startPrivateCluster,
  UNSYNCED,
} from "../../ledger/store/postgres/test-support/private-cluster.ts";
import type { ExperimentWorld } from "./world.ts";

/** One server for all scenarios of this process. */
let cluster: Promise<PrivateCluster> | undefined;

export async function storeServer(): Promise<PrivateCluster> {
  cluster ??= startPrivateCluster(UNSYNCED);
  return await cluster;
}

export async function stopStoreServer(): Promise<void> {
  await (await cluster)?.stop();
}

/** Gives a scenario a database of its own as its store. */
export async function useEmptyDatabase(world: ExperimentWorld): Promise<void> {
  world.variables["COUNTERBALANCE_STORE"] = await (await storeServer()).makeDatabase();
}
