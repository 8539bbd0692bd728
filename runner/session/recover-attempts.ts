import type { PlanCost } from "../../ledger/domain/dollars.ts";
import type { NewRow, Row } from "../../ledger/domain/row.ts";
import { timestampOf } from "../../ledger/domain/timestamp.ts";
import { latestOf, type OpenedFact } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import {
  earlierAttempts,
  unfinishedAttempts,
  type UnfinishedAttempt,
} from "../../ledger/views/progress.ts";
import type { Provider } from "../config/configuration.ts";
import { type CostMeasure, measureCost } from "../config/cost-measure.ts";
import { sweepProcesses } from "../drivers/sweep-processes.ts";
import { planCost } from "../prices/plan-cost.ts";
import type { CountedDollars } from "../windows/dollar-tally.ts";
import { isFinalAttempt } from "./attempt-rows.ts";
import type { Journal } from "./journal.ts";
import { recoverDollars } from "./recover-dollars.ts";

const REASON = "The harness was gone before the attempt ended.";

interface Recovery {
  readonly view: ExperimentView;
  readonly journal: Journal;
  readonly measure: CostMeasure;
  /** For their subscriptions. */
  readonly providers: readonly Provider[];
  /** The rows of all requests; read only if an attempt was left open. */
  readonly telemetry: Iterable<Row>;
  readonly nowMs: number;
}

/**
 * Ends the attempts that an earlier session left open: kills their processes, then records each attempt
 * as interrupted with the tokens that the ledger has.
 * @returns the windows of these attempts.
 */
export async function recoverAttempts(recovery: Recovery): Promise<readonly string[]> {
  const unfinished = unfinishedAttempts(recovery.view);
  await Promise.all(unfinished.map(({ opened }) => sweepProcesses({ marker: opened.marker })));
  const dollarsOf = recoverDollars(recovery.telemetry, {
    experimentId: recovery.view.experimentId,
    opened: unfinished.map(({ opened }) => opened),
  });
  // In the order in which they were opened, one row each.
  await recovery.journal.write(
    "windows",
    unfinished.map((attempt) => endRow(attempt, dollarsOf(attempt.opened), recovery)),
  );
  return unfinished.map(({ opened }) => opened.window);
}

function endRow(
  { opened, usage }: UnfinishedAttempt,
  counted: CountedDollars,
  recovery: Recovery,
): NewRow {
  const { view, measure, nowMs } = recovery;
  const plan = planPaid(opened, recovery);
  const dollars = { ...counted, reported: null, ...(plan === undefined ? {} : { plan }) };
  const { window, attempt } = opened;
  const shared = {
    experiment_id: view.experimentId,
    window,
    attempt,
    provider: opened.provider,
    feature_id: opened.feature_id,
    replicate: opened.replicate,
    period: opened.period,
    outcome: "interrupted",
    reason: REASON,
    usage,
    cost: measureCost(measure, { usage, dollars, isLowerBound: true }),
    dollars,
  };
  if (!isFinalAttempt("interrupted", attempt)) return { record: "window_interrupted", ...shared };
  return {
    record: "window_finalized",
    ...shared,
    executed_order: opened.executed_order,
    methodology: null,
    commit_start: null,
    commit_end: null,
    opened_at: opened.recorded_at,
    ended_at: timestampOf(nowMs),
    duration_ms: 0,
    quality: null,
    scenarios: [],
    earlier_attempts: earlierAttempts(view, { window, attempt }),
    meters: { before: [], after: [] },
    capacity: [],
    churn: null,
    requests: { total: usage.requests, errors: 0, refused: 0 },
    anomalies: [],
    isolation: null,
    exit_code: null,
    reported_usage: null,
    versions: {},
  };
}

/** No meter was read at the end of the attempt, so its share of a subscription is unknown. */
function planPaid(
  { window, attempt, provider }: OpenedFact,
  { view, providers }: Recovery,
): PlanCost | undefined {
  const plan = providers.find(({ id }) => id === provider)?.plan;
  if (plan === undefined) return undefined;
  const readings = [...view.snapshots.values()].filter(
    (one) => one.window === window && one.attempt === attempt && one.phase === "before",
  );
  const before = latestOf(readings)?.meters ?? [];
  return planCost(plan, { before, after: [], capacity: [], elsewhere: null });
}
