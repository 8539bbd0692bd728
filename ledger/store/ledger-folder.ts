import type { FileSystem } from "./file-system.ts";

/** A folder that is, or is to be, a ledger. */
export interface LedgerFolder {
  readonly fileSystem: FileSystem;
  readonly folder: string;
}
