import { LEDGER_FILES, type LedgerFile } from "../domain/ledger-file.ts";
import type { LedgerStore, Position } from "../store/store.ts";
import { ExperimentFold } from "./experiment-fold.ts";

/** Files without a row that belongs to an experiment's view. */
const OTHER_FILES: readonly LedgerFile[] = ["usage", "backlog", "checkpoints"];
const VIEW_FILES = LEDGER_FILES.filter((file) => !OTHER_FILES.includes(file));

/** Folds one experiment's rows of a ledger. */
export function openExperimentView(
  store: Pick<LedgerStore, "read">,
  experimentId: string,
  files: readonly LedgerFile[] = VIEW_FILES,
): ExperimentFold {
  const view = new ExperimentFold(experimentId);
  const take = (line: string) => view.foldLine(line);
  for (const file of files) for (const row of store.read(file, take)) view.foldOnce(row, file);
  return view;
}

/** Up to where each file of a view was folded. */
export type Positions = ReadonlyMap<LedgerFile, Position>;

/**
 * Folds the rows after the positions into the view, which holds those before them. Returns where it
 * stopped.
 * @throws PositionLostError if the row before a position is gone: fold from the start.
 */
export function continueView(
  store: Pick<LedgerStore, "readFrom">,
  view: ExperimentFold,
  positions: Positions,
): Positions {
  const take = (line: string) => view.foldLine(line);
  const ends = new Map<LedgerFile, Position>();
  for (const file of VIEW_FILES) {
    const { rows, end } = store.readFrom(file, positions.get(file), take);
    for (const row of rows) view.foldOnce(row, file);
    ends.set(file, end);
  }
  return ends;
}
