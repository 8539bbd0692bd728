import { z } from "zod";

import { calibrationJsonSchema } from "../../reports/gate/calibration/calibration-data.ts";
import { gateFileJsonSchema } from "../../reports/looks/gate-file.ts";
import { GateReport } from "../../reports/report/gate-report.ts";
import { ReportData } from "../../reports/report/report-data.ts";
import { sessionEventJsonSchema } from "../../runner/cli/display/events.ts";
import { experimentJsonSchema } from "../../runner/plan/config/experiment-file.ts";
import { handoffJsonSchema } from "../../runner/teams/handoff-schema.ts";
import { workflowJsonSchema } from "../../runner/teams/workflow-file.ts";
import { agreementPage } from "./agreement-page.ts";
import { AnalysisData } from "./analysis-schema.ts";
import { apiPage } from "./api-page.ts";
import { commandPages } from "./command-pages.ts";
import { configurationPage } from "./configuration-page.ts";
import { meteringPage } from "./metering/metering-page.ts";
import { pricesPage } from "./prices-page.ts";

const SCHEMAS = {
  analysis: () => z.toJSONSchema(AnalysisData),
  calibration: calibrationJsonSchema,
  experiment: experimentJsonSchema,
  gate: () => z.toJSONSchema(GateReport),
  gates: gateFileJsonSchema,
  handoff: handoffJsonSchema,
  workflow: workflowJsonSchema,
  events: sessionEventJsonSchema,
  report: () => z.toJSONSchema(ReportData),
};

/** Every file of `docs/` that is written from the code, by its path below it. */
export async function referenceFiles(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ...[...commandPages()].map(([name, text]) => [`reference/${name}`, text] as const),
    ["agreement.md", await agreementPage()],
    ["reference/api.md", apiPage()],
    ["reference/configuration.md", configurationPage()],
    ["reference/metering.md", await meteringPage()],
    ["reference/prices.md", pricesPage()],
    ...Object.entries(SCHEMAS).map(
      ([name, make]) => [`${name}.schema.json`, `${JSON.stringify(make(), null, 2)}\n`] as const,
    ),
  ]);
}
