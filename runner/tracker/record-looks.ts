import type { CounterbalanceError } from "../../ledger/domain/errors.ts";
import { MANUAL_EXPERIMENT } from "../../ledger/domain/experiment.ts";
import type { LedgerFile } from "../../ledger/domain/ledger-file.ts";
import type { NewRow, Row } from "../../ledger/domain/row.ts";
import type { LedgerReader } from "../../ledger/store/store.ts";
import { openExperimentView } from "../../ledger/views/open-view.ts";
import { readRegisteredGates } from "../../reports/decisions/registered-gates.ts";
import { createSessionRules } from "../session/session-rules.ts";
import { WindowBusyError } from "./tracker-errors.ts";
import type { Tracker } from "./tracker.ts";

const TRIES_MAX = 5;

/** What looks at windows worked by hand are made of; no proxy's rows, which may be very many. */
const FILES: readonly LedgerFile[] = [
  "experiments",
  "snapshots",
  "windows",
  "anomalies",
  "churn",
  "looks",
  "decisions",
];

/** Another agent's look, decision or halt came in between. */
class LooksMovedError extends WindowBusyError {}

/**
 * Records the looks at windows worked by hand that are new, with halts and decisions, as a session
 * does after each of its windows. Nothing is written where the data are those of the last look.
 */
export async function recordLooks(tracker: Tracker): Promise<void> {
  for (let attempt = 1; attempt < TRIES_MAX; attempt += 1) {
    try {
      // Each try starts from what the one before it saw.
      // oxlint-disable-next-line no-await-in-loop
      return await tryRecord(tracker);
    } catch (error) {
      if (!(error instanceof LooksMovedError)) throw error;
    }
  }
  return await tryRecord(tracker);
}

async function tryRecord({ store, agent }: Tracker): Promise<void> {
  const view = openExperimentView(store, MANUAL_EXPERIMENT, FILES);
  const { registered, amended } = readRegisteredGates(view);
  const write = async (file: LedgerFile, rows: readonly NewRow[]): Promise<readonly Row[]> => {
    const stamped = rows.map((row): NewRow => ({ ...row, source: "alias", agent_id: agent }));
    // Two agents that complete windows at once would take the same look twice.
    const unless = (ledger: LedgerReader): CounterbalanceError | undefined =>
      hasOthers(ledger.read(file), (id) => view.findRow(id) !== undefined)
        ? new LooksMovedError(`${file}.jsonl: other agents keep writing there. Try again.`)
        : undefined;
    const written = await store.append(file, stamped, { unless });
    for (const row of written) view.fold(row);
    return written;
  };
  const rules = createSessionRules({
    view,
    store,
    journal: { write },
    observer: { noted: () => {} },
    gates: amended ?? registered,
    conditions: [],
  });
  await rules.afterWindow();
}

function hasOthers(rows: Iterable<Row>, isKnown: (id: string) => boolean): boolean {
  for (const row of rows) {
    if (row["experiment_id"] === MANUAL_EXPERIMENT && !isKnown(row.id)) return true;
  }
  return false;
}
