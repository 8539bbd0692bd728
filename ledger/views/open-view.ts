import type { LedgerFile } from "../domain/ledger-file.ts";
import type { LedgerStore } from "../store/store.ts";
import { ExperimentFold } from "./experiment-fold.ts";

/** The files that a view is folded from. */
const VIEW_FILES: readonly LedgerFile[] = [
  "experiments",
  "assignments",
  "snapshots",
  "windows",
  "proxy_telemetry",
  "budgets",
  "anomalies",
  "churn",
  "looks",
  "decisions",
];

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
