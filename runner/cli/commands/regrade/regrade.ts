import type { WindowRegraded } from "../../../../ledger/domain/window-regraded.ts";
import { describeRegrading } from "../../../../reports/report/describe-regrading.ts";
import { plainTable } from "../../../../reports/text/plain-table.ts";
import { sayRegrading } from "../../../../reports/text/regrading-text.ts";
import { useNamedExperiment } from "../../../experiment/session/recorded-experiment.ts";
import {
  chooseKeptWindows,
  type KeptWindow,
  refuseUnknownTasks,
  regradeWindow,
} from "../../../experiment/session/regrade-windows.ts";
import { lockSession } from "../../../experiment/session/session-lock.ts";
import { chooseTasks } from "../../../plan/config/choose-tasks.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf } from "../../definition.ts";
import { doneIf, doneWith } from "../../result.ts";
import { wholeNumber } from "../../whole-number.ts";
import type { regrade as definition } from "./definition.ts";

const TIMES = { least: 1, most: 1000 };

/** Grades the sealed work of final windows again, and shows how far the verdicts agree. */
export const regrade: CodeOf<typeof definition> = (options, environment) =>
  useNamedExperiment(options, environment, async (view, store, folder) => {
    const times = wholeNumber("--times", options.times ?? "1", TIMES);
    const kept = chooseKeptWindows(view, options.window);
    const tasks = chooseTasks(options, environment);
    refuseUnknownTasks(kept, tasks);
    const unlock = lockSession(folder);
    try {
      const rows: WindowRegraded[] = [];
      for (const each of kept) {
        environment.stderr.write(`Grading ${each.final.window} again\n`);
        const regrading = { store, view, folder, tasks, environment };
        rows.push(...(await regradeWindow(each, times, regrading)));
      }
      const hasFailed = rows.some(({ quality }) => quality === null);
      const say = () => describe(kept, rows, columnsOf(environment));
      return doneIf(!hasFailed, doneWith(options, rows, say));
    } finally {
      unlock();
    }
  });

function describe(
  kept: readonly KeptWindow[],
  rows: readonly WindowRegraded[],
  columns?: number,
): string {
  const lines = kept.flatMap(({ final }) =>
    rows
      .filter(({ graded }) => graded === final.id)
      .map((row) => [
        row.window,
        row.feature_id,
        sayQuality(final.quality),
        sayQuality(row.quality),
        `${String(row.scenarios_agreeing)} of ${String(row.scenarios_compared)}`,
        row.reason ?? (row.is_same_task ? "" : "The task has changed since it was registered."),
      ]),
  );
  const head = ["WINDOW", "TASK", "QUALITY", "AGAIN", "AGREE", ""];
  const sum = describeRegrading(rows);
  if (sum === null) return "No final window has kept work.";
  return `${plainTable([head, ...lines], { columns })}\n\n${sayRegrading(sum)}`;
}

function sayQuality(quality: number | null): string {
  return quality === null ? "-" : quality.toFixed(3);
}
