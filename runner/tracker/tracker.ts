import type { Clock } from "../../ledger/domain/clock.ts";
import type { LedgerStore } from "../../ledger/store/store.ts";
import type { DataFolder } from "../session/data-folder.ts";
import { HandLedger } from "./hand-ledger.ts";

/** Everything that an operation on windows worked by hand needs. */
export interface Tracker {
  readonly ledger: HandLedger;
  readonly store: LedgerStore;
  readonly folder: DataFolder;
  /** Who writes; rows carry it, and its memory has a folder of its own. */
  readonly agent: string;
  readonly clock: Clock;
}

export function createTracker(parts: {
  readonly store: LedgerStore;
  readonly folder: DataFolder;
  readonly agent: string;
  readonly clock: Clock;
}): Tracker {
  const { store, folder, agent, clock } = parts;
  return { ledger: new HandLedger(store), store, folder, agent, clock };
}
