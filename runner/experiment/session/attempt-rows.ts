import type { Meter } from "../../../ledger/domain/meter.ts";
import { isRetriableOutcome } from "../../../ledger/domain/outcome.ts";
import type { NewRow } from "../../../ledger/domain/row.ts";
import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import type { Usage } from "../../../ledger/domain/usage.ts";
import type { CapacityDelta, UngradedWindow } from "../../../ledger/domain/window.ts";
import type { RecentReset } from "../../../ledger/invariants/late-after.ts";
import { type CostMeasure, measureCost } from "../../plan/config/cost-measure.ts";
import type { Turn } from "../../teams/turn.ts";
import {
  type AttemptOrder,
  type AttemptResult,
  type NoticedAnomaly,
  windowKey,
} from "../windows/window-worker.ts";

/** An attempt that is being worked, for the recorder. */
export interface AttemptRecord {
  readonly order: AttemptOrder;
  readonly executedOrder: number;
  readonly openedAtMs: number;
  readonly startedMs: number;
  readonly before: readonly Meter[];
}

interface AttemptClosing {
  readonly order: Pick<AttemptOrder, "experimentId" | "planned" | "attempt">;
  readonly executedOrder: number;
  readonly openedAt: string;
  readonly result: Omit<AttemptResult, "agentIsolation" | "anomalies"> &
    Partial<Pick<AttemptResult, "agentIsolation">>;
  readonly methodology: string | null;
  readonly meters: { readonly before: readonly Meter[]; readonly after: readonly Meter[] };
  readonly capacity: readonly CapacityDelta[];
  /** `h` of the snapshot row, so that the final row vouches for it. */
  readonly snapshots?: readonly string[];
  readonly anomalies: readonly string[];
  readonly endedAtMs: number;
  readonly durationMs: number;
  readonly measure: CostMeasure;
  /** Whether the attempt may have cost more. */
  readonly isLowerBound: boolean;
  readonly earlier: { readonly attempts: number; readonly usage: Usage };
  /** How many earlier attempts count among those after which the window is missing. */
  readonly counted: number;
}

export function anomalyRows(
  order: Pick<AttemptOrder, "experimentId"> & { readonly planned: { readonly window: string } },
  anomalies: readonly NoticedAnomaly[],
): readonly NewRow[] {
  return anomalies.map(({ kind, observed, action }) => ({
    record: "anomaly_recorded",
    experiment_id: order.experimentId,
    window: order.planned.window,
    kind,
    touches: [order.planned.window],
    observed,
    action,
  }));
}

/** An unknown delta breaches invariant 4; the window keeps its other measures. */
export function capacityAnomalies(capacity: readonly CapacityDelta[]): readonly NoticedAnomaly[] {
  return capacity.flatMap(({ name, flag }) =>
    flag === undefined
      ? []
      : [
          {
            kind: flag,
            observed: { meter: name },
            action: "The window's capacity on this meter stays unknown.",
          },
        ],
  );
}

/** A session can't wait until the lag of a reset is over, so it takes the `after` and marks it. */
export function lateAnomalies(
  late: readonly RecentReset[],
  capturedAt: string,
): readonly NoticedAnomaly[] {
  return late.map(({ meter, resetsAt }) => ({
    kind: "late-after",
    observed: { meter, resets_at: resetsAt, captured_at: capturedAt },
    action: "The after was taken right after a reset and kept; it may show the old period.",
  }));
}

export function churnRows(order: AttemptOrder, result: AttemptResult): readonly NewRow[] {
  const { churn, commitStart, commitEnd } = result;
  if (churn === null) return [];
  return [
    {
      record: "churn_measured",
      ...windowKey(order),
      commit_start: commitStart,
      commit_end: commitEnd,
      churn,
    },
  ];
}

export function trafficRows(order: AttemptOrder, { traffic }: AttemptResult): readonly NewRow[] {
  if (traffic === undefined) return [];
  return [
    {
      record: "window_traffic_summed",
      ...windowKey(order),
      ...traffic,
    },
  ];
}

const BREACHES_KEPT = 100;

/** The turns of a team's roles, and its retrospective. */
export function teamRows(order: AttemptOrder, { team }: AttemptResult): readonly NewRow[] {
  if (team === undefined) return [];
  const key = windowKey(order);
  return [
    ...team.turns.map((turn) => ({ record: "role_worked", ...key, ...turnFields(turn) })),
    { record: "team_reviewed", ...key, ...team.retrospective },
  ];
}

function turnFields(turn: Turn) {
  const { handoff, breaches } = turn;
  return {
    turn: turn.turn,
    role: turn.role,
    command: turn.command,
    round: turn.round,
    worked_by: turn.workedBy,
    model: turn.model,
    started_at: timestampOf(turn.startedAtMs),
    ended_at: timestampOf(turn.endedAtMs),
    duration_ms: Math.round(turn.durationMs),
    end: turn.end,
    reason: turn.reason,
    usage: turn.usage,
    dollars: turn.dollars,
    requests: turn.requests,
    limits: turn.limits,
    commit: turn.commit,
    churn: turn.churn,
    quality: turn.quality,
    handoff: handoff && {
      kind: handoff.content.handoff,
      sha256: handoff.sha256,
      content: handoff.content,
    },
    refused_handoffs: turn.refusedHandoffs,
    breaches: breaches.slice(0, BREACHES_KEPT),
    breach_count: breaches.length,
  };
}

/** Connections that the agent asked for besides those to its models. */
export function connectionRows(
  order: AttemptOrder,
  { connections }: AttemptResult,
): readonly NewRow[] {
  const { blocked = [], tunnelled = [] } = connections ?? {};
  const key = windowKey(order);
  return [
    ...blocked.map((counted) => ({ record: "blocked_connection", ...key, ...counted })),
    ...tunnelled.map((counted) => ({ record: "tunnelled_connection", ...key, ...counted })),
  ];
}

/** The row that ends an attempt: `window_finalized`, or `window_interrupted` if another attempt follows. */
export function endRow(closing: AttemptClosing): NewRow {
  const { order, result, measure, isLowerBound } = closing;
  const { outcome, reason, usage, dollars } = result;
  const paid = {
    usage,
    cost: measureCost(measure, { usage, dollars, isLowerBound }),
    ...(dollars === undefined ? {} : { dollars }),
  };
  const key = windowKey(order);
  const isCounted = outcome !== "provider_limit" && result.keyRefusal === undefined;
  const final = finalFields(closing, paid);
  if (isRetriableOutcome(outcome) && !(isCounted && closing.counted + 1 >= ATTEMPTS_MAX)) {
    const ended = { record: "window_interrupted", ...key, outcome, reason: reason ?? outcome };
    const counts = isCounted ? {} : { is_counted: false };
    const isKept = result.sealedWork !== undefined;
    return { ...ended, ...paid, ...counts, ...(isKept ? { ungraded: final } : logsOf(result)) };
  }
  return { record: "window_finalized", ...key, ...final };
}

type Paid = Pick<UngradedWindow, "usage" | "cost" | "dollars">;

/** What a final row says besides whose it is. */
function finalFields(closing: AttemptClosing, paid: Paid) {
  const { result } = closing;
  return {
    executed_order: closing.executedOrder,
    outcome: result.outcome,
    reason: result.reason,
    methodology: closing.methodology,
    commit_start: result.commitStart,
    commit_end: result.commitEnd,
    opened_at: closing.openedAt,
    ended_at: timestampOf(closing.endedAtMs),
    duration_ms: Math.round(closing.durationMs),
    quality: result.quality,
    scenarios: result.scenarios,
    ...paid,
    earlier_attempts: closing.earlier,
    meters: closing.meters,
    capacity: closing.capacity,
    ...(result.timings === null ? {} : { timings: result.timings }),
    churn: result.churn,
    requests: result.requests,
    snapshots: closing.snapshots,
    anomalies: closing.anomalies,
    isolation: result.isolation,
    agent_isolation: result.agentIsolation,
    exit_code: result.exitCode,
    reported_usage: result.reportedUsage,
    versions: result.versions,
    ...sharesOf(result),
    ...(result.isReportedMainOnly === true ? { reported_lane: "main" } : {}),
    ...(result.telemetryUsage === undefined ? {} : { telemetry_usage: result.telemetryUsage }),
    ...(result.network === undefined ? {} : { network: result.network }),
    ...(result.sealedWork === undefined ? {} : { sealed_work: result.sealedWork }),
    ...(result.resources === undefined ? {} : { resources: result.resources }),
    ...(result.agentEnd === undefined ? {} : { agent_end: result.agentEnd }),
    ...logsOf(result),
  };
}

function logsOf({ agentLogs }: Pick<AttemptResult, "agentLogs">) {
  return agentLogs === undefined ? {} : { agent_logs: agentLogs };
}

/** The two shares of a quality, as rows have them. */
export function sharesOf({
  qualityVisible,
  qualityHeldOut,
}: Pick<AttemptResult, "qualityVisible" | "qualityHeldOut">) {
  return {
    ...(qualityVisible === undefined ? {} : { quality_visible: qualityVisible }),
    ...(qualityHeldOut === undefined ? {} : { quality_held_out: qualityHeldOut }),
  };
}

/** After this many failed attempts that count, a window is final and missing. */
export const ATTEMPTS_MAX = 3;
