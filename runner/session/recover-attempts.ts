import type { NewRow } from "../../ledger/domain/row.ts";
import { timestampOf } from "../../ledger/domain/timestamp.ts";
import { tokensIn, type TokenBasis } from "../../ledger/domain/token-basis.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import {
  earlierAttempts,
  unfinishedAttempts,
  type UnfinishedAttempt,
} from "../../ledger/views/progress.ts";
import { sweepProcesses } from "../drivers/sweep-processes.ts";
import { isFinalAttempt } from "./is-final-attempt.ts";
import type { Journal } from "./journal.ts";

const REASON = "The harness was gone before the attempt ended.";

interface Recovery {
  readonly view: ExperimentView;
  readonly journal: Journal;
  readonly basis: TokenBasis;
  readonly nowMs: number;
}

/**
 * Ends what an earlier session left open: kills what is still running of it, then records each
 * attempt as interrupted with the tokens that the ledger knows of.
 * @returns the windows whose attempts were ended.
 */
export async function recoverAttempts(recovery: Recovery): Promise<readonly string[]> {
  const unfinished = unfinishedAttempts(recovery.view);
  await Promise.all(unfinished.map(({ opened }) => sweepProcesses({ marker: opened.marker })));
  // In the order in which they were opened, one row each.
  await recovery.journal.write(
    "windows",
    unfinished.map((attempt) => endRow(attempt, recovery)),
  );
  return unfinished.map(({ opened }) => opened.window);
}

function endRow({ opened, usage }: UnfinishedAttempt, { view, basis, nowMs }: Recovery): NewRow {
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
    cost: {
      measure: "tokens",
      amount: usage.requests === 0 ? null : tokensIn(basis, usage),
      is_lower_bound: true,
    },
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
