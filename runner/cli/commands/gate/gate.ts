import type { LedgerFile } from "../../../../ledger/domain/ledger-file.ts";
import type { NewRow } from "../../../../ledger/domain/row.ts";
import { readBlockedByCapacity } from "../../../../ledger/views/backlog-view.ts";
import { openExperimentView } from "../../../../ledger/views/open-view.ts";
import { gatherEvidence } from "../../../../reports/evidence/evidence.ts";
import { nameLedger } from "../../../../reports/evidence/named-ledger.ts";
import { chooseGates, isRecorded } from "../../../../reports/gate/chosen-gates.ts";
import { decideExperiment } from "../../../../reports/gate/decide-experiment.ts";
import type { GateFile } from "../../../../reports/looks/gate-file.ts";
import { buildGateReport } from "../../../../reports/report/gate-report.ts";
import { findOthers } from "../../../../reports/report/other-experiments.ts";
import {
  findExperiment,
  findLedger,
  sayNotRecorded,
} from "../../../experiment/session/recorded-experiment.ts";
import type { CodeOf } from "../../definition.ts";
import { refuseDamage } from "../../ledger/refuse-damage.ts";
import type { gate as definition } from "./definition.ts";
import { readGates } from "./read-gates.ts";
import { refuseUnreadable } from "./refuse-unreadable.ts";
import { showGate } from "./show.ts";

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
      gates: readGates(view, options, environment),
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
    return showGate(buildGateReport(evidence, judgement, surroundings), options, environment);
  });
};
