import type { WindowFinalized, WindowInterrupted, WindowOpened } from "../domain/window.ts";
import type { FinalizedFact, InterruptedFact, OpenedFact, Stamp } from "./experiment-fact.ts";

export function openedFact(row: WindowOpened, stamp: Stamp): OpenedFact {
  const { session_id, executed_order, marker, workspace } = row;
  return {
    ...stamp,
    kind: "opened",
    ...placeOf(row),
    session_id,
    executed_order,
    marker,
    workspace,
  };
}

export function interruptedFact(row: WindowInterrupted, stamp: Stamp): InterruptedFact {
  const { outcome, reason, usage, cost } = row;
  return { ...stamp, kind: "interrupted", ...placeOf(row), outcome, reason, usage, cost };
}

export function finalizedFact(row: WindowFinalized, stamp: Stamp): FinalizedFact {
  return {
    ...stamp,
    kind: "finalized",
    ...placeOf(row),
    executed_order: row.executed_order,
    outcome: row.outcome,
    reason: row.reason,
    duration_ms: row.duration_ms,
    quality: row.quality,
    usage: row.usage,
    cost: row.cost,
    churn: row.churn,
    requests: row.requests,
    capacity: row.capacity,
    isolation: row.isolation,
    anomalies: row.anomalies,
    versions: row.versions,
    is_complete: row.commit_start !== null && row.commit_end !== null && row.methodology !== null,
    scenarios_passed: row.scenarios.filter(({ status }) => status.toLowerCase() === "passed")
      .length,
    scenarios_total: row.scenarios.length,
  };
}

type Placed = WindowOpened | WindowInterrupted | WindowFinalized;

function placeOf({ window, attempt, provider, feature_id, replicate, period }: Placed) {
  return { window, attempt, provider, feature_id, replicate, period };
}
