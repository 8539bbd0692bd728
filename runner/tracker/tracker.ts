import type { Clock } from "../../ledger/domain/clock.ts";
import type { Row } from "../../ledger/domain/row.ts";
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
  /** How its rows come about: by somebody's command, or by themselves. */
  readonly source: Row["source"];
  readonly clock: Clock;
}

export function createTracker(parts: {
  readonly store: LedgerStore;
  readonly folder: DataFolder;
  readonly agent: string;
  readonly source?: Row["source"];
  readonly clock: Clock;
}): Tracker {
  return { source: "alias", ...parts, ledger: new HandLedger(parts.store) };
}
