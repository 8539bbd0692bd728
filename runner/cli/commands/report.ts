import { findOthers } from "../../../reports/gate/other-experiments.ts";
import { buildReport } from "../../../reports/report/build-report.ts";
import type { CodeOf } from "../definitions/definition.ts";
import type { report as definition } from "../definitions/experiment-commands.ts";
import { useExperiment } from "../open-ledger.ts";
import { done } from "../result.ts";
import { writeReport } from "../write-report.ts";

/** Writes the report from the ledger, or prints it as JSON. */
export const report: CodeOf<typeof definition> = (options, environment) =>
  useExperiment(options, environment, async (view, store, folder) => {
    if (options.json === true) {
      const budgets = { rows: store.read("budgets") };
      return done(JSON.stringify(buildReport(view, budgets, findOthers(store, view)), null, 2));
    }
    const withCode = options.withoutCode !== true;
    return done(`Report: ${await writeReport({ view, store, folder, environment }, { withCode })}`);
  });
