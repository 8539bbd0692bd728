import type { DecisionMade } from "../../ledger/domain/decision.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import {
  type GateFile,
  gateFileSha256,
  type GatePolicy,
  readRecordedGates,
} from "../looks/gate-file.ts";

/** What a user gives instead of the registered thresholds. */
interface GivenGates {
  readonly gates: GateFile | undefined;
  readonly policy: GatePolicy | undefined;
}

/**
 * Finds the registered thresholds, and others if there are any: the given ones, otherwise the last
 * recorded ones; with the given policy. The first ones for manual windows are registered by being recorded.
 */
export function chooseGates(view: ExperimentView, { gates, policy }: GivenGates) {
  const { registered, amendments } = readRecordedGates(view);
  const given = gates ?? amendments.at(-1) ?? registered;
  const other = { ...given, policy: policy ?? given.policy };
  const isOther = gateFileSha256(other) !== gateFileSha256(registered);
  const isNew = gateFileSha256(other) !== gateFileSha256(amendments.at(-1) ?? registered);
  const isFirst = !view.design.isRegistered && view.decisions.size + amendments.length === 0;
  const amendment = {
    record: "experiment_amended",
    experiment_id: view.experimentId,
    amended: { gates: { sha256: gateFileSha256(other), ...other } },
  };
  return {
    registered: isFirst ? other : registered,
    /** Thresholds or a policy that were not registered; null if there are none. */
    other: isOther && !isFirst ? other : null,
    /** The row to write before the others decide, or as the first gates of manual windows. */
    amendment: isNew ? amendment : null,
    isFirst,
  };
}

/** Whether the ledger's last decision about the candidate is the same, from the same evidence. */
export function isRecorded(view: ExperimentView, decision: DecisionMade): boolean {
  const own = [...view.decisions.values()]
    .filter((fact) => fact.decision.candidate === decision.candidate)
    .toSorted((left, right) => left.seq - right.seq);
  const last = own.at(-1)?.decision;
  if (last === undefined) return false;
  return Object.entries(decision).every(
    ([name, value]) => JSON.stringify(last[name]) === JSON.stringify(value),
  );
}
