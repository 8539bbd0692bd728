import { buildReport } from "../../../reports/report/build-report.ts";
import type { Environment } from "../../environment.ts";
import { type LedgerOptions, useExperiment } from "../open-ledger.ts";
import { done, type Result } from "../result.ts";
import { writeReport } from "../write-report.ts";

export interface ReportOptions extends LedgerOptions {
  readonly json?: boolean;
}

/** Writes the report from the ledger, or prints it as JSON. */
export async function report(options: ReportOptions, environment: Environment): Promise<Result> {
  return await useExperiment(options, environment, (view, store, folder) =>
    done(
      options.json === true
        ? JSON.stringify(buildReport(view, { rows: store.read("budgets") }), null, 2)
        : `Report: ${writeReport(view, store, folder)}`,
    ),
  );
}
