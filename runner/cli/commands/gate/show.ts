import { writeFileSync } from "node:fs";
import path from "node:path";

import { reasonOf } from "../../../../ledger/domain/errors.ts";
import { EXIT, type ExitCode } from "../../../../ledger/domain/exit-codes.ts";
import { gateDocument } from "../../../../reports/document/gate-document.ts";
import { renderGateJunit } from "../../../../reports/format/gate-junit.ts";
import { renderTerminal } from "../../../../reports/format/render-terminal.ts";
import type { GateReport } from "../../../../reports/report/gate-report.ts";
import { ConfigurationError } from "../../../platform/environment/configuration-error.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { columnsOf } from "../../columns.ts";
import type { OptionsOf } from "../../definition.ts";
import { styleFor } from "../../display/live-terminal.ts";
import { jsonOr, type Result } from "../../result.ts";
import type { gate } from "./definition.ts";

/** The verdict for people, scripts and CI. */
export function showGate(
  report: GateReport,
  options: Pick<OptionsOf<typeof gate>, "json" | "junit">,
  environment: Environment,
): Result {
  const { cwd, stdout } = environment;
  if (options.junit !== undefined) writeJunit(path.resolve(cwd, options.junit), report);
  return {
    exitCode: EXIT_CODES[report.verdict],
    output: jsonOr(options, report, () =>
      renderTerminal(gateDocument(report), {
        style: styleFor(stdout, environment),
        columns: columnsOf(environment),
      }),
    ),
  };
}

const EXIT_CODES: Readonly<Record<GateReport["verdict"], ExitCode>> = {
  expand: EXIT.done,
  "stay lean": EXIT.stayLean,
  halted: EXIT.halted,
};

function writeJunit(file: string, report: GateReport): void {
  try {
    writeFileSync(file, renderGateJunit(report));
  } catch (cause) {
    throw new ConfigurationError(
      `--junit ${file}: expected a file that can be written, got: ${reasonOf(cause)}. Name another one.`,
    );
  }
}
