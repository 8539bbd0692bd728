import { validateRow } from "../../../ledger/domain/validate-row.ts";
import { openJsonlStore, openJsonlStoreToRead } from "../../../ledger/store/open-jsonl-store.ts";
import type { PostgresStore } from "../../../ledger/store/postgres/postgres-store.ts";
import type { StoreAddress } from "../../../ledger/store/postgres/store-address.ts";
import type { LedgerStore } from "../../../ledger/store/store.ts";
import type { DataFolder } from "./data-folder.ts";
import { agentIn, type Environment } from "./environment.ts";
import { keepHeapSmall } from "./lean-memory.ts";
import { toolVersion } from "./package-folder.ts";

const AGENT_ID = "harness";

type Use<Value> = (store: LedgerStore) => Promise<Value> | Value;

/** Opens the ledger for a command that may write to it, and closes it after its use. */
export async function useLedger<Value>(
  folder: DataFolder,
  environment: Environment,
  use: Use<Value>,
): Promise<Value> {
  keepHeapSmall();
  return await closeAfter(await openLedger(folder, environment), use);
}

/** The same for a command that only reads. If nothing can be written, the ledger is read unchanged. */
export async function readLedger<Value>(
  folder: DataFolder,
  environment: Environment,
  use: Use<Value>,
): Promise<Value> {
  keepHeapSmall();
  return await closeAfter(await openLedgerToRead(folder, environment), use);
}

async function closeAfter<Value>(store: LedgerStore, use: Use<Value>): Promise<Value> {
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

async function openLedger(folder: DataFolder, environment: Environment): Promise<LedgerStore> {
  const { store } = folder;
  if (store !== null) return await openStore({ ...folder, store }, environment);
  return await openJsonlStore(fileOptions(folder, environment));
}

/** Says on stderr what can't be mended. */
async function openLedgerToRead(
  folder: DataFolder,
  environment: Environment,
): Promise<LedgerStore> {
  if (folder.store !== null) return await openLedger(folder, environment);
  const store = await openJsonlStoreToRead(fileOptions(folder, environment));
  for (const { file, bytes } of store.readOnly?.tornFiles ?? []) {
    environment.stderr.write(
      `experiment: ${file}.jsonl ends in ${String(bytes)} bytes of a torn write, or of one that is not over. The ledger can't be ` +
        `written to, so they stay there, and the complete rows are read.\n`,
    );
  }
  return store;
}

/** The database's code is loaded only for commands that have a store. */
async function openStore(
  folder: DataFolder & { readonly store: StoreAddress },
  environment: Environment,
): Promise<PostgresStore> {
  const { openPostgresStore } = await import("../../../ledger/store/postgres/postgres-store.ts");
  const { awaitDatabase } = await import("../../../ledger/store/postgres/await-database.ts");
  const { store: address } = folder;
  const options = { ...storeOptions(folder, environment), address };
  // It has answered before, so that a refusal means a restart.
  return await awaitDatabase(
    async () => await openPostgresStore(options),
    waitFor(address, environment),
  );
}

function fileOptions(folder: DataFolder, environment: Environment) {
  // A command also refuses damage in files that it does not read, however large the ledger is.
  return { ...storeOptions(folder, environment), limits: { checkedBytesMax: Infinity } };
}

function storeOptions({ ledger }: DataFolder, environment: Environment) {
  const { clock } = environment;
  return {
    folder: ledger,
    clock,
    agentId: agentIn(environment) ?? AGENT_ID,
    toolVersion: toolVersion(),
    validate: validateRow,
  };
}

/** A ledger that is read while other machines write to it. */
interface FollowedLedger {
  readonly refresh: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Keeps this machine's copy of a store at hand. A ledger of files needs none. */
export async function followStore(
  folder: DataFolder,
  environment: Environment,
): Promise<FollowedLedger> {
  const { store: address } = folder;
  if (address === null) return { refresh: nothing, close: nothing };
  const store = await openStore({ ...folder, store: address }, environment);
  return { refresh: () => store.refresh(), close: () => store.close() };
}

async function nothing(): Promise<void> {}

/** How a command waits for a database that is restarted. */
export function waitFor(address: StoreAddress, { clock, stderr }: Environment) {
  const say = (sentence: string) => void stderr.write(`${sentence}\n`);
  return { address, clock, say, isPatient: true };
}
