import { writeFileSync } from "node:fs";
import path from "node:path";

import type { DecisionMade } from "../../../ledger/domain/decision.ts";
import type { LedgerFile } from "../../../ledger/domain/ledger-file.ts";
import type { NewRow } from "../../../ledger/domain/row.ts";
import { countBlockedByCapacity, foldBacklog } from "../../../ledger/views/backlog-view.ts";
import type { ExperimentFold } from "../../../ledger/views/experiment-view.ts";
import { buildGateReport, type GateReport } from "../../../reports/analysis/gate-report.ts";
import { renderGateJunit } from "../../../reports/analysis/render-gate-junit.ts";
import { renderGate } from "../../../reports/analysis/render-gate.ts";
import { currentHalts } from "../../../reports/decisions/current-halts.ts";
import { decideExperiment } from "../../../reports/decisions/decide-experiment.ts";
import { createContext } from "../../../reports/report/report-context.ts";
import { ConfigurationError } from "../../config/errors.ts";
import type { Environment } from "../../environment.ts";
import { chooseGates, type GateOptions } from "../choose-gates.ts";
import { findLedger } from "../find-ledger.ts";
import { type LedgerOptions, changeExperiment } from "../open-ledger.ts";
import { refuseDamage } from "../refuse-damage.ts";
import { refuseUnreadable } from "../refuse-unreadable.ts";
import { EXIT, type Result } from "../result.ts";

export interface GateCommandOptions extends LedgerOptions, GateOptions {
  readonly json?: boolean;
  readonly junit?: string;
}

/** Says whether one seat should be added. It fails closed: exit code 0 is for `expand` alone. */
export async function gate(options: GateCommandOptions, environment: Environment): Promise<Result> {
  // Rows that were changed or are gone could open a gate that is shut.
  refuseDamage(findLedger(options, environment).ledger, "open a gate");
  return await changeExperiment(options, environment, async (view, store) => {
    refuseUnreadable(view, store.read("backlog"));
    const gates = chooseGates(view, options, environment);
    const decisions = decideExperiment({
      context: createContext(view),
      gates: gates.chosen,
      policy: gates.policy,
      registeredSha256: gates.registeredSha256,
      backlogReadyBlocked: countBlockedByCapacity(foldBacklog(store.read("backlog"))),
      stopped: currentHalts(view).map(({ provider }) => provider),
    });
    const keep = async (file: LedgerFile, rows: readonly NewRow[]) => {
      for (const row of await store.append(file, rows)) view.fold(row);
    };
    if (gates.amendment !== null) await keep("experiments", [gates.amendment]);
    // Asking what another policy would say decides nothing.
    const isAsked = gates.policy !== gates.chosen.policy;
    const changed = isAsked ? [] : decisions.filter((decision) => !isRecorded(view, decision));
    if (changed.length > 0) await keep("decisions", changed);
    return conclude(buildGateReport(view, decisions, gates.chosen), options, environment);
  });
}

/** Whether the ledger's last decision about the candidate says the same from the same. */
function isRecorded(view: ExperimentFold, decision: DecisionMade): boolean {
  const own = [...view.decisions.values()]
    .filter((fact) => fact.decision.candidate === decision.candidate)
    .toSorted((left, right) => left.seq - right.seq);
  const last = own.at(-1)?.decision;
  if (last === undefined) return false;
  return Object.entries(decision).every(
    ([name, value]) => JSON.stringify(last[name]) === JSON.stringify(value),
  );
}

function conclude(
  report: GateReport,
  { json, junit }: GateCommandOptions,
  { cwd }: Environment,
): Result {
  if (junit !== undefined) writeJunit(path.resolve(cwd, junit), report);
  return {
    exitCode: EXIT_CODES[report.verdict],
    output: json === true ? JSON.stringify(report, null, 2) : renderGate(report),
  };
}

const EXIT_CODES: Readonly<Record<GateReport["verdict"], number>> = {
  expand: EXIT.done,
  "stay lean": EXIT.stayLean,
  halted: EXIT.halted,
};

function writeJunit(file: string, report: GateReport): void {
  try {
    writeFileSync(file, renderGateJunit(report));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(
      `--junit ${file}: expected a file that can be written, got: ${reason}. Name another one.`,
    );
  }
}
