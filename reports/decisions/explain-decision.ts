import type { DecisionMade } from "../../ledger/domain/decision.ts";
import { latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { explainReasons, type ExplainedReason, type GateReason } from "./explain-reason.ts";
import type { GateFile } from "./gate-file.ts";
import { LookFigures } from "./look-figures.ts";
import { looksAt, readLook } from "./take-looks.ts";

/** Says of a decision's reasons which number misses which threshold, from the look it rests on. */
export function explainDecision(
  view: ExperimentView,
  decision: DecisionMade,
  gates: GateFile,
): readonly ExplainedReason[] {
  const last = latestOf(looksAt(view, decision.candidate));
  const figures = LookFigures.safeParse(last?.look.figures ?? {});
  return explainReasons(
    // The row holds them as texts; an unknown one of a later version is shown as it is.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    decision.reasons as readonly GateReason[],
    {
      look: last === undefined ? null : readLook(last.look),
      figures: last !== undefined && figures.success ? figures.data : null,
      gates,
      backlogReadyBlocked: decision.backlog_ready_blocked,
    },
  );
}
