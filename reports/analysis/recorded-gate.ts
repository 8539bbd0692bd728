import { latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { readRegisteredGates } from "../decisions/registered-gates.ts";
import { buildGateReport, type GateReport } from "./gate-report.ts";

/** What the gates last decided, as the ledger has it; null where nothing was decided yet. */
export function recordedGate(
  view: ExperimentView,
  candidates: readonly string[],
): GateReport | null {
  const decisions = candidates.flatMap((candidate) => {
    const own = [...view.decisions.values()].filter(
      ({ decision }) => decision.candidate === candidate,
    );
    return latestOf(own)?.decision ?? [];
  });
  if (decisions.length === 0) return null;
  const { registered, amended } = readRegisteredGates(view);
  return buildGateReport(view, decisions, amended ?? registered);
}
