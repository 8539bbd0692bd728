import type { PlanCost } from "../../../ledger/domain/dollars.ts";
import { ProxiedRequest } from "../../../ledger/domain/proxied-request.ts";
import type { NewRow, Row } from "../../../ledger/domain/row.ts";
import { latestOf, type OpenedFact } from "../../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import {
  countedAttempts,
  earlierAttempts,
  type UnfinishedAttempt,
  unfinishedAttempts,
} from "../../../ledger/views/progress.ts";
import { type AttemptId, attemptId } from "../../gateway/budgets/budget-attempt.ts";
import { planCost } from "../../gateway/prices/plan-cost.ts";
import { type CountedDollars, DollarTally } from "../../gateway/traffic/attempt-traffic.ts";
import type { Configuration } from "../../plan/config/configuration.ts";
import { sweepProcesses } from "../../platform/processes/sweep-processes.ts";
import type { Journal } from "../spending/journal.ts";
import { endRow } from "./attempt-rows.ts";

interface Recovery {
  readonly view: ExperimentView;
  readonly journal: Journal;
  /** For its measure of cost, and its providers' subscriptions. */
  readonly configuration: Pick<Configuration, "cost" | "providers">;
  /** The rows of all requests; read only if an attempt was left open. */
  readonly telemetry: Iterable<Row>;
  readonly nowMs: number;
  /** Ends the processes of an attempt; a simulation has none. */
  readonly sweep?: (attempt: { readonly marker: string }) => Promise<unknown>;
}

/**
 * Ends the attempts that an earlier session left open: kills their processes, then records each attempt
 * as interrupted with the tokens that the ledger has.
 * @returns the windows of these attempts.
 */
export async function recoverAttempts(recovery: Recovery): Promise<readonly string[]> {
  const unfinished = unfinishedAttempts(recovery.view);
  const { sweep = sweepProcesses } = recovery;
  await Promise.all(unfinished.map(async ({ opened: { marker } }) => await sweep({ marker })));
  const dollarsOf = recoverDollars(recovery.telemetry, {
    experimentId: recovery.view.experimentId,
    opened: unfinished.map(({ opened }) => opened),
  });
  // In the order in which they were opened, one row each.
  await recovery.journal.write(
    "windows",
    unfinished.map((attempt) => rowOf(attempt, dollarsOf(attempt.opened), recovery)),
  );
  return unfinished.map(({ opened }) => opened.window);
}

function rowOf(
  { opened, usage }: UnfinishedAttempt,
  counted: CountedDollars,
  recovery: Recovery,
): NewRow {
  const { view, configuration, nowMs } = recovery;
  const plan = planPaid(opened, recovery);
  const dollars = { ...counted, reported: null, ...(plan === undefined ? {} : { plan }) };
  const { window, attempt, provider, feature_id: featureId, replicate, period } = opened;
  const planned = { window, provider, featureId, replicate, period, command: "" };
  const end = endRow({
    order: { experimentId: view.experimentId, planned, attempt },
    executedOrder: opened.executed_order,
    openedAt: opened.recorded_at,
    result: {
      ...NOT_CONCLUDED,
      usage,
      dollars,
      requests: { total: usage.requests, errors: 0, refused: 0 },
    },
    methodology: null,
    meters: { before: [], after: [] },
    capacity: [],
    anomalies: [],
    endedAtMs: nowMs,
    durationMs: 0,
    measure: configuration.cost,
    isLowerBound: true,
    earlier: earlierAttempts(view, { window, attempt }),
    counted: countedAttempts(view, { window, attempt }),
  });
  return { ...end, is_recovered: true };
}

const NOT_CONCLUDED = {
  outcome: "interrupted",
  reason: "The harness was gone before the attempt ended.",
  commitStart: null,
  commitEnd: null,
  quality: null,
  scenarios: [],
  timings: null,
  churn: null,
  isolation: null,
  exitCode: null,
  reportedUsage: null,
  versions: {},
} as const;

/** No meter was read at the end of the attempt, so its share of a subscription is unknown. */
function planPaid(
  { window, attempt, provider }: OpenedFact,
  { view, configuration }: Recovery,
): PlanCost | undefined {
  const plan = configuration.providers.find(({ id }) => id === provider)?.plan;
  if (plan === undefined) return undefined;
  const readings = [...view.snapshots.values()].filter(
    (one) => one.window === window && one.attempt === attempt && one.phase === "before",
  );
  const before = latestOf(readings)?.meters ?? [];
  return planCost(plan, { before, after: [], capacity: [], elsewhere: null });
}

/** Sums the dollars of attempts without an end from the rows of `proxy_telemetry.jsonl`. */
export function recoverDollars(
  rows: Iterable<Readonly<Record<string, unknown>>>,
  {
    experimentId,
    opened,
  }: { readonly experimentId: string; readonly opened: readonly AttemptId[] },
): (attempt: AttemptId) => CountedDollars {
  const tallies = new Map(opened.map((attempt) => [attemptId(attempt), new DollarTally()]));
  for (const row of opened.length === 0 ? [] : rows) {
    if (row["record"] !== "request_proxied" || row["experiment_id"] !== experimentId) continue;
    const request = ProxiedRequest.parse(row);
    const isWork = request.kind === "model" || request.kind === "unmetered";
    if (!isWork || request.refused_by !== null) continue;
    tallies.get(attemptId(request))?.add(request);
  }
  return (attempt) => (tallies.get(attemptId(attempt)) ?? new DollarTally()).read();
}
