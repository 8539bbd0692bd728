import type { DecisionMade } from "../../ledger/domain/decision.ts";
import type { LookTaken } from "../../ledger/domain/look.ts";
import type { NewRow } from "../../ledger/domain/row.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { createContext } from "../report/report-context.ts";
import { decideExperiment, type DecisionInput } from "./decide-experiment.ts";
import { findDegenerate } from "./find-degenerate.ts";
import { findStops, type Stop } from "./find-stops.ts";
import type { GateFile } from "./gate-file.ts";
import type { StopCondition } from "./stop-condition.ts";
import { takeLooks } from "./take-looks.ts";

/** What looks, stop rules and gates say of one moment's windows. */
export interface RulesAtMoment {
  takeLooks(gates: GateFile): readonly LookTaken[];
  /** Anomalies that the recorded looks show and the ledger does not name yet. */
  findDegenerate(): readonly NewRow[];
  findStops(conditions: readonly StopCondition[]): readonly Stop[];
  decide(input: Omit<DecisionInput, "context">): readonly DecisionMade[];
}

/**
 * Goes over the windows once for all three. Looks, halts and decisions that are folded into the view
 * meanwhile are seen; windows that are finalized meanwhile may be seen in part.
 */
export function readRules(view: ExperimentView): RulesAtMoment {
  const context = createContext(view);
  return {
    takeLooks: (gates) => takeLooks(context, gates),
    findDegenerate: () => findDegenerate(context),
    findStops: (conditions) => findStops(context, conditions),
    decide: (input) => decideExperiment({ ...input, context }),
  };
}
