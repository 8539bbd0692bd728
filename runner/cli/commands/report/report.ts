import { gatherEvidence } from "../../../../reports/evidence/evidence.ts";
import type { CodeOf } from "../../definition.ts";
import { readExperiment } from "../../ledger/cached-view.ts";
import { done } from "../../result.ts";
import type { report as definition } from "./definition.ts";
import { readFormats } from "./report-formats.ts";
import { readReport, writeReport } from "./write-report.ts";

/** Writes the report from the ledger, or prints it as JSON. */
export const report: CodeOf<typeof definition> = async (options, environment) => {
  const formats = readFormats(options.format);
  return await readExperiment(options, environment, async ({ view, ledger, folder, budgets }) => {
    if (options.json === true) {
      return done(JSON.stringify(readReport(gatherEvidence(view), ledger, budgets), null, 2));
    }
    const { out, withoutCode } = options;
    const withCode = withoutCode !== true;
    const sources = { view, ledger, folder, budgets, environment };
    return done(`Report: ${await writeReport({ ...sources, formats, out, withCode })}`);
  });
};
