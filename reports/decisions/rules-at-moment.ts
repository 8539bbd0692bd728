import type { DecisionMade } from "../../ledger/domain/decision.ts";
import type { LookTaken } from "../../ledger/domain/look.ts";
import type { NewRow } from "../../ledger/domain/row.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { gatherEvidence } from "../evidence/evidence.ts";
import { decideExperiment, type DecisionInput } from "./decide-experiment.ts";
import { findDegenerate } from "./find-degenerate.ts";
import { findStops, type Stop } from "./find-stops.ts";
import type { GateFile } from "./gate-file.ts";
import type { StopCondition } from "./stop-condition.ts";
import { takeLooks } from "./take-looks.ts";

/** The looks, stop rules and gates over the windows of one moment. */
export interface RulesAtMoment {
  takeLooks(gates: GateFile): readonly LookTaken[];
  /** Anomalies that the recorded looks show and that are not in the ledger yet. */
  findDegenerate(): readonly NewRow[];
  findStops(conditions: readonly StopCondition[]): readonly Stop[];
  decide(input: Omit<DecisionInput, "evidence">): readonly DecisionMade[];
}

/**
 * Reads the windows once for all rules. The rules see looks, halts and decisions that are folded into
 * the view later; of windows that are finalized later they may see only a part.
 */
export function readRules(view: ExperimentView): RulesAtMoment {
  const evidence = gatherEvidence(view);
  return {
    takeLooks: (gates) => takeLooks(evidence, gates),
    findDegenerate: () => findDegenerate(evidence),
    findStops: (conditions) => findStops(evidence, conditions),
    decide: (input) => decideExperiment({ ...input, evidence }),
  };
}
