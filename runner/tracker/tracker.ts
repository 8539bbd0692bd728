import type { Clock } from "../../ledger/domain/clock.ts";
import type { NewRow, Row } from "../../ledger/domain/row.ts";
import type { LedgerStore } from "../../ledger/store/store.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import type { DataFolder } from "../data-folder.ts";
import { rememberRows } from "./agent-state.ts";
import { type ManualFile, ManualLedger } from "./manual-ledger.ts";

/** What every operation on manual windows needs. */
export interface Tracker {
  readonly ledger: ManualLedger;
  readonly store: LedgerStore;
  readonly folder: DataFolder;
  /** The author of the rows; its memory has a folder of its own. */
  readonly agent: string;
  readonly clock: Clock;
}

export function createTracker(parts: {
  readonly store: LedgerStore;
  readonly folder: DataFolder;
  readonly agent: string;
  /** Whether a command writes the rows (`alias`, the default) or the proxy does. */
  readonly source?: Row["source"];
  readonly clock: Clock;
}): Tracker {
  const { store, folder, agent, source = "alias", clock } = parts;
  const ledger = new ManualLedger(store, { source, agent_id: agent });
  return { ledger, store, folder, agent, clock };
}

/** Writes the planned rows, which an undo without an id then finds as the agent's last. */
export async function writeAndRemember<Plan extends { readonly rows: readonly NewRow[] }>(
  { ledger, folder, agent }: Tracker,
  file: ManualFile,
  makePlan: (view: ExperimentView) => Plan,
): Promise<{ readonly plan: Plan; readonly written: readonly Row[] }> {
  const result = await ledger.write(file, makePlan);
  rememberRows(
    folder,
    agent,
    result.written.map(({ id }) => id),
  );
  return result;
}
