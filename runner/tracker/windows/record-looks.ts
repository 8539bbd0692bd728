import { isManual, MANUAL_EXPERIMENT } from "../../../ledger/domain/design.ts";
import type { LedgerFile } from "../../../ledger/domain/ledger-file.ts";
import type { NewRow, Row } from "../../../ledger/domain/row.ts";
import type { LedgerReader } from "../../../ledger/store/store.ts";
import { openExperimentView } from "../../../ledger/views/open-view.ts";
import { manualBaseline } from "../../../reports/evidence/question.ts";
import { readRecordedGates } from "../../../reports/looks/gate-file.ts";
import { createSessionRules } from "../../plan/looks/session-rules.ts";
import { WindowBusyError } from "./tracker-errors.ts";
import { type Tracker, tryAgain } from "./tracker.ts";

/** The files that looks at manual windows need; the proxy's rows, which may be very many, are not among them. */
const FILES: readonly LedgerFile[] = [
  "experiments",
  "snapshots",
  "windows",
  "anomalies",
  "churn",
  "looks",
  "decisions",
];

/**
 * Records new looks at manual windows, with halts and decisions, as a session does after each window.
 * It writes nothing if the data have not changed since the last look.
 */
export async function recordLooks({ store, agent }: Tracker): Promise<void> {
  await tryAgain(async () => {
    const view = openExperimentView(store, MANUAL_EXPERIMENT, FILES);
    const write = async (file: LedgerFile, rows: readonly NewRow[]): Promise<readonly Row[]> => {
      const stamped = rows.map((row): NewRow => ({ ...row, source: "alias", agent_id: agent }));
      // Two agents that complete windows at once would take the same look twice.
      const unless = (ledger: LedgerReader) =>
        hasOthers(ledger.read(file), (id) => view.findRow(id) !== undefined)
          ? new WindowBusyError(`${file}.jsonl: other agents keep writing there. Try again.`)
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
      gates: readRecordedGates(view).registered,
      conditions: [],
    });
    await rules.afterWindow();
  });
}

/**
 * Records the baseline of manual windows if the ledger does not have it: as an amendment, because there
 * is not a registration. Returns the baseline, or null if nobody has named one.
 */
export async function rememberBaseline(
  { store, agent }: Tracker,
  named: {
    /** By the operator, now. */
    readonly said: string | undefined;
    /** By the configuration, which is asked only if the ledger has none. */
    readonly configured: () => string | null;
  },
): Promise<string | null> {
  const view = openExperimentView(store, MANUAL_EXPERIMENT, ["experiments"]);
  const remembered = manualBaseline(view);
  const baseline = named.said ?? remembered ?? named.configured();
  if (baseline === null || baseline === remembered) return baseline;
  await store.append("experiments", [
    {
      record: "experiment_amended",
      source: "alias",
      agent_id: agent,
      experiment_id: MANUAL_EXPERIMENT,
      amended: { baseline },
    },
  ]);
  return baseline;
}

function hasOthers(rows: Iterable<Row>, isKnown: (id: string) => boolean): boolean {
  for (const row of rows) {
    if (isManual(row) && !isKnown(row.id)) return true;
  }
  return false;
}
