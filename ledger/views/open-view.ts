import { LEDGER_FILES, type LedgerFile } from "../domain/ledger-file.ts";
import type { LedgerStore } from "../store/store.ts";
import { ExperimentFold } from "./experiment-fold.ts";

/** Files of which no row belongs to an experiment's view. */
const OTHER_FILES: readonly LedgerFile[] = ["usage", "handoffs", "backlog", "checkpoints"];
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
