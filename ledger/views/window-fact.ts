import type { WindowFinalized, WindowInterrupted, WindowOpened } from "../domain/window.ts";
import { missingFields } from "../invariants/completeness.ts";
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
  const { outcome, reason, usage, cost, dollars } = row;
  const spent = { usage, cost, dollars };
  return { ...stamp, kind: "interrupted", ...placeOf(row), outcome, reason, ...spent };
}

export function finalizedFact(
  row: WindowFinalized,
  { agent_id, ...stamp }: Stamp & { readonly agent_id: string },
): FinalizedFact {
  return {
    ...stamp,
    kind: "finalized",
    agent_id,
    ...placeOf(row),
    executed_order: row.executed_order,
    outcome: row.outcome,
    reason: row.reason,
    methodology: row.methodology,
    commit_start: row.commit_start,
    commit_end: row.commit_end,
    duration_ms: row.duration_ms,
    quality: row.quality,
    usage: row.usage,
    cost: row.cost,
    dollars: row.dollars,
    churn: row.churn,
    requests: row.requests,
    capacity: row.capacity,
    isolation: row.isolation,
    agent_isolation: row.agent_isolation,
    anomalies: row.anomalies,
    snapshots: row.snapshots,
    versions: row.versions,
    is_complete: missingFields(row).length === 0,
    scenarios_passed: row.scenarios.filter(({ status }) => status.toLowerCase() === "passed")
      .length,
    scenarios_total: row.scenarios.length,
    scenarios_failed: row.scenarios
      .filter(({ status }) => status.toLowerCase() !== "passed")
      .map(({ suite, name }) => `${suite}: ${name}`),
  };
}

type Placed = WindowOpened | WindowInterrupted | WindowFinalized;

function placeOf({ window, attempt, provider, feature_id, replicate, period }: Placed) {
  return { window, attempt, provider, feature_id, replicate, period };
}
