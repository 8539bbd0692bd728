import type { LedgerFile } from "../domain/ledger-file.ts";
import type { LineReader } from "../store/ahead/line-code.ts";
import type { LedgerStore } from "../store/store.ts";
import { ExperimentFold } from "./experiment-view.ts";
import { decodeLine, TRAFFIC_CODE } from "./traffic-code.ts";

/** The files whose rows a view is made of. */
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

/** Folds what a ledger holds of one experiment. */
export function openExperimentView(
  store: Pick<LedgerStore, "read">,
  experimentId: string,
  files: readonly LedgerFile[] = VIEW_FILES,
): ExperimentFold {
  const view = new ExperimentFold(experimentId);
  const take = Object.assign((line: string) => view.foldLine(line), {
    ahead: {
      encoder: TRAFFIC_CODE,
      take: (line: LineReader) => view.foldTraffic(decodeLine(line)),
    },
  });
  for (const file of files) for (const row of store.read(file, take)) view.foldOnce(row, file);
  return view;
}
