import { existsSync } from "node:fs";
import path from "node:path";

import { HEADER_NAME } from "../../../ledger/store/ledger-header.ts";
import { readStoreAddress, refusePassword } from "../../../ledger/store/postgres/store-address.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { createDataFolder, locateDataFolder, withStore } from "./data-folder.ts";
import type { Environment } from "./environment.ts";
import { waitFor } from "./use-ledger.ts";

interface StoreOptions {
  readonly dataDir?: string;
  readonly store?: string;
}

/**
 * Copies the store's new rows to this machine, where every command reads them. Returns the environment in
 * which a command finds the store, whether an option or a variable named it.
 * @throws StoreAddressError, StoreUnreachableError, ConfigurationError
 */
export async function useStore(
  options: StoreOptions,
  environment: Environment,
  use: "copy" | "awaited copy" | "itself",
): Promise<Environment> {
  const chosen = chooseStore(options, environment);
  const folder = locateDataFolder(options.dataDir, chosen);
  if (folder.store === null || use === "itself") return chosen;
  createDataFolder(folder);
  // Commands without a store start faster without the database's code.
  const { copyStore } = await import("../../../ledger/store/postgres/copy-store.ts");
  const { awaitDatabase } = await import("../../../ledger/store/postgres/await-database.ts");
  const { store: address, ledger } = folder;
  const copy = { address, folder: ledger, clock: environment.clock };
  const wait = { ...waitFor(address, environment), isPatient: use === "awaited copy" };
  await awaitDatabase(async () => await copyStore(copy), wait);
  return chosen;
}

/** A copy of a ledger that `--data-dir` names is read as it is, even if a variable names a store. */
function chooseStore({ dataDir, store }: StoreOptions, environment: Environment): Environment {
  const { cwd } = environment;
  const isCopy =
    dataDir !== undefined && existsSync(path.join(path.resolve(cwd, dataDir), HEADER_NAME));
  if (store === undefined) return isCopy ? withStore(environment, undefined) : environment;
  refusePassword(store);
  readStoreAddress(store, "--store");
  if (!isCopy) return withStore(environment, store);
  throw new ConfigurationError(
    `--data-dir ${dataDir}: expected a data folder without a ledger, because of --store, got a ledger. Leave one of them out.`,
  );
}
