import type { Clock } from "../domain/clock.ts";
import { hasCode } from "../domain/errors.ts";
import type { LedgerFile } from "../domain/ledger-file.ts";
import type { NewRow } from "../domain/row.ts";
import type { FileSystem, LedgerFolder } from "./file-system.ts";
import { JsonlStore } from "./jsonl-store.ts";
import { STORE_LIMITS, type StoreLimits } from "./ledger-context.ts";
import { readLedgerId, readOrMakeLedgerId } from "./ledger-header.ts";
import { rowIdMaker } from "./make-row-id.ts";
import { nodeFileSystem } from "./node-file-system.ts";
import { notWritable, prepareFolder } from "./prepare-folder.ts";
import { ReadOnlyStore } from "./read-only-store.ts";
import { LedgerFolderError } from "./store-errors.ts";
import type { LedgerStore } from "./store.ts";

export interface JsonlStoreOptions {
  /** The ledger's own folder; made if it is absent. */
  readonly folder: string;
  readonly clock: Clock;
  readonly agentId: string;
  readonly toolVersion: string;
  /** UUIDv7 by default. */
  readonly makeId?: () => string;
  /** Throws if a row breaks its record's schema; called before anything is written. */
  readonly validate?: (file: LedgerFile, newRow: NewRow) => void;
  readonly limits?: Partial<StoreLimits>;
  readonly fileSystem?: FileSystem;
}

/**
 * Opens the ledger in a folder, makes one in an empty folder, and mends what a crash tore.
 * @throws LedgerFolderError if the folder cannot hold a ledger; LedgerDamagedError,
 * LedgerVersionError.
 */
export async function openJsonlStore(options: JsonlStoreOptions): Promise<LedgerStore> {
  try {
    return await openIn(placeOf(options), options);
  } catch (error) {
    throw isOfRights(error) ? notWritable(options.folder, error) : error;
  }
}

/**
 * Opens a ledger for a command that only reads. If it can't be written to, it is read as it is.
 * @throws as `openJsonlStore`
 */
export async function openJsonlStoreToRead(options: JsonlStoreOptions): Promise<LedgerStore> {
  try {
    return await openJsonlStore(options);
  } catch (error) {
    const place = placeOf(options);
    const { fileSystem, folder } = place;
    const isRefused = error instanceof LedgerFolderError && isOfRights(error.cause);
    const ledgerId = isRefused ? readLedgerId(place) : undefined;
    if (!isRefused || ledgerId === undefined) throw error;
    return new ReadOnlyStore({ fileSystem, folder, ledgerId, refusal: error });
  }
}

function placeOf({ fileSystem = nodeFileSystem, folder }: JsonlStoreOptions): LedgerFolder {
  return { fileSystem, folder };
}

function isOfRights(error: unknown): boolean {
  return hasCode(error, "EACCES", "EPERM", "EROFS");
}

async function openIn(place: LedgerFolder, options: JsonlStoreOptions): Promise<LedgerStore> {
  const makeId = options.makeId ?? rowIdMaker(options.clock);
  prepareFolder(place);
  const ledgerId = readOrMakeLedgerId(place, makeId);
  const limits = { ...STORE_LIMITS, ...options.limits };
  const store = new JsonlStore({ ...options, ...place, ledgerId, makeId, limits });
  try {
    await store.settle();
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}
