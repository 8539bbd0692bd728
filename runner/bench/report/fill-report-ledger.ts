import { validateRow } from "../../../ledger/domain/validate-row.ts";
import { openJsonlStore } from "../../../ledger/store/open-jsonl-store.ts";
import { ExperimentFold } from "../../../ledger/views/experiment-fold.ts";
import { DEFAULT_GATES } from "../../../reports/looks/gate-file.ts";
import { registerExperiment } from "../../experiment/session/register-experiment.ts";
import { openJournal } from "../../experiment/spending/journal.ts";
import { createSessionRules } from "../../plan/looks/session-rules.ts";
import { systemClock } from "../../platform/environment/environment.ts";
import { madeUpWindows } from "../analysis/made-up-windows.ts";
import { benchPlan } from "../bench-plan.ts";
import { reportRows } from "./report-rows.ts";

// fill-report-ledger.ts FOLDER WINDOWS: a registered experiment with its windows and three looks.
const [folder = "", wanted = ""] = process.argv.slice(2);
const LOOKS = 3;
const WINDOWS_A_BATCH = 50;
const count = Number(wanted);
const store = await openJsonlStore({
  folder,
  clock: systemClock,
  agentId: "bench",
  toolVersion: "0.1.0",
  validate: validateRow,
});
const plan = benchPlan(count);
const view = new ExperimentFold(plan.experimentId);
const journal = openJournal(store, (row) => view.fold(row));
await registerExperiment(plan, { view, journal });
const rules = createSessionRules({
  view,
  store,
  journal,
  observer: { noted: () => {} },
  gates: DEFAULT_GATES,
  conditions: [],
});
const windows = madeUpWindows(count / 2);
let looks = 0;
for (let first = 0; first < count; first += WINDOWS_A_BATCH) {
  const rows = windows
    .slice(first, first + WINDOWS_A_BATCH)
    .flatMap((window, index) => reportRows(window, { number: first + index + 1, plan }));
  for (const [file, filed] of Map.groupBy(rows, (row) => row.file)) {
    await journal.write(
      file,
      filed.map(({ row }) => row),
    );
  }
  const done = (first + WINDOWS_A_BATCH) / count;
  if (done < (looks + 1) / LOOKS && done < 1) continue;
  await rules.afterWindow();
  looks += 1;
}
await store.close();
