import { findOthers } from "../../../reports/gate/other-experiments.ts";
import { buildReport } from "../../../reports/report/build-report.ts";
import type { CodeOf } from "../definitions/definition.ts";
import type { report as definition } from "../definitions/experiment-commands.ts";
import { useExperiment } from "../open-ledger.ts";
import { done } from "../result.ts";
import { writeReport } from "../write-report.ts";

/** Writes the report from the ledger, or prints it as JSON. */
export const report: CodeOf<typeof definition> = (options, environment) =>
  useExperiment(options, environment, (view, store, folder) =>
    done(
      options.json === true
        ? JSON.stringify(
            buildReport(view, { rows: store.read("budgets") }, findOthers(store, view)),
            null,
            2,
          )
        : `Report: ${writeReport(view, store, folder)}`,
    ),
  );
