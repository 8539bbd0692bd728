import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { gatherEvidence } from "../evidence/evidence.ts";
import type { GateFile } from "../looks/gate-file.ts";
import type { LookMemory } from "../looks/look-memory.ts";
import { looksNow, takeLooks } from "../looks/take-looks.ts";
import { decideExperiment, type DecisionInput } from "./decide-experiment.ts";
import { findDegenerate } from "./find-degenerate.ts";
import { findStops } from "./find-stops.ts";
import type { StopCondition } from "./stop-condition.ts";

/** The looks, stop rules and gates over the windows of one moment. */
export type RulesAtMoment = ReturnType<typeof readRules>;

/**
 * Reads the windows once for all rules. The rules see looks, halts and decisions that are folded into
 * the view later; of windows that are finalized later they may see only a part.
 */
export function readRules(view: ExperimentView, memory?: LookMemory) {
  const evidence = gatherEvidence(view);
  return {
    looksNow: (gates: GateFile) => looksNow(evidence, gates, memory),
    takeLooks: (gates: GateFile) => takeLooks(evidence, gates, memory),
    /** Anomalies that the recorded looks show and that are not in the ledger yet. */
    findDegenerate: () => findDegenerate(evidence),
    findStops: (conditions: readonly StopCondition[]) => findStops(evidence, conditions),
    decide: (input: Omit<DecisionInput, "evidence" | "memory">) =>
      decideExperiment({ ...input, evidence, memory }),
  };
}
