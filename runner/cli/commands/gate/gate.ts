import { writeFileSync } from "node:fs";
import path from "node:path";

import { reasonOf } from "../../../../ledger/domain/errors.ts";
import { EXIT, type ExitCode } from "../../../../ledger/domain/exit-codes.ts";
import type { LedgerFile } from "../../../../ledger/domain/ledger-file.ts";
import type { NewRow } from "../../../../ledger/domain/row.ts";
import { readBlockedByCapacity } from "../../../../ledger/views/backlog-view.ts";
import { latestOf } from "../../../../ledger/views/experiment-fact.ts";
import type { ExperimentFold } from "../../../../ledger/views/experiment-fold.ts";
import { openExperimentView } from "../../../../ledger/views/open-view.ts";
import { gateDocument } from "../../../../reports/document/gate-document.ts";
import { gatherEvidence } from "../../../../reports/evidence/evidence.ts";
import { nameLedger } from "../../../../reports/evidence/named-ledger.ts";
import { renderGateJunit } from "../../../../reports/format/gate-junit.ts";
import { renderTerminal } from "../../../../reports/format/render-terminal.ts";
import { chooseGates, isRecorded } from "../../../../reports/gate/chosen-gates.ts";
import { decideExperiment } from "../../../../reports/gate/decide-experiment.ts";
import { GateFile } from "../../../../reports/looks/gate-file.ts";
import { buildGateReport, type GateReport } from "../../../../reports/report/gate-report.ts";
import { findOthers } from "../../../../reports/report/other-experiments.ts";
import { findConfiguration } from "../../../plan/config/find-configuration.ts";
import { loadConfiguration } from "../../../plan/config/load-configuration.ts";
import { ConfigurationError } from "../../../platform/environment/configuration-error.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { readYamlFile } from "../../../platform/yaml/read-yaml-file.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf, OptionsOf } from "../../definition.ts";
import { styleFor } from "../../display/live-terminal.ts";
import { findExperiment, findLedger, sayNotRecorded } from "../../ledger/open-ledger.ts";
import { refuseDamage } from "../../ledger/refuse-damage.ts";
import { jsonOr, type Result } from "../../result.ts";
import type { gate as definition } from "./definition.ts";
import { refuseUnreadable } from "./refuse-unreadable.ts";

type GateCommandOptions = OptionsOf<typeof definition>;

/** Decides whether to add one seat. It fails closed: only `expand` ends with exit code 0. */
export const gate: CodeOf<typeof definition> = async (options, environment) => {
  // Changed or missing rows could open a gate that should stay closed.
  refuseDamage(findLedger(options, environment).ledger, "open a gate");
  const { experiment, dataDir } = options;
  // Its configuration names a gate file, and not the experiment.
  const named = {
    ...(experiment === undefined ? {} : { experiment }),
    ...(dataDir === undefined ? {} : { dataDir }),
  };
  return await findExperiment(named, environment, async ({ store, experimentId }) => {
    const ledger = store.snapshot();
    const view = openExperimentView(ledger, experimentId);
    refuseUnreadable(view, ledger.read("backlog"));
    const { registered, other, amendment, isFirst } = chooseGates(view, {
      gates: readGiven(view, options, environment),
      policy: options.policy,
    });
    const isAllowed = other !== null && options.allowAmended === true;
    const keep = async (file: LedgerFile, rows: readonly NewRow[]) => {
      for (const row of await store.append(file, rows)) view.fold(row);
    };
    if (amendment !== null && (isAllowed || isFirst)) await keep("experiments", [amendment]);
    const evidence = gatherEvidence(view);
    const backlogReadyBlocked = readBlockedByCapacity(ledger);
    const judge = (gates: GateFile) => ({
      gates,
      decisions: decideExperiment({ evidence, gates, backlogReadyBlocked }),
    });
    // Only the judgement that decides is recorded.
    const judgement = judge(isAllowed ? other : registered);
    const changed = judgement.decisions.filter((decision) => !isRecorded(view, decision));
    if (changed.length > 0) {
      if (store.readOnly === undefined) await keep("decisions", changed);
      else sayNotRecorded("this decision is not on record", environment);
    }
    const beside = other === null || isAllowed ? null : judge(other);
    const surroundings = { beside, ledger: nameLedger(ledger), others: findOthers(ledger, view) };
    return conclude(buildGateReport(evidence, judgement, surroundings), options, environment);
  });
};

function conclude(
  report: GateReport,
  options: GateCommandOptions,
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

/** The thresholds of `--gates`, otherwise of the same experiment's configuration. */
function readGiven(
  view: ExperimentFold,
  { gates, config }: GateCommandOptions,
  environment: Environment,
): GateFile | undefined {
  if (gates !== undefined) return readYamlFile(path.resolve(environment.cwd, gates), GateFile);
  if (config === undefined && findConfiguration(environment.cwd) === undefined) return undefined;
  const configuration = loadConfiguration(config === undefined ? {} : { config }, environment);
  const name = latestOf(view.registrations.values())?.name;
  return configuration.name === name ? configuration.gates : undefined;
}
