import { isDeepStrictEqual } from "node:util";

import type { DollarCost } from "../../../ledger/domain/dollars.ts";
import type { Outcome } from "../../../ledger/domain/outcome.ts";
import type { NewRow } from "../../../ledger/domain/row.ts";
import { epochMsOf, timestampOf } from "../../../ledger/domain/timestamp.ts";
import { NO_USAGE, type Usage } from "../../../ledger/domain/usage.ts";
import type { Churn, Cost } from "../../../ledger/domain/window.ts";
import { missingFields } from "../../../ledger/invariants/completeness.ts";
import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import { capacityOf } from "../../../reports/evidence/window-lacks.ts";
import { planCost } from "../../gateway/prices/plan-cost.ts";
import type { FoundPlan } from "../../gateway/prices/price-list.ts";
import {
  completionsIn,
  idOf,
  keyFields,
  type ManualWindow,
  type ManualWindowRows,
  remarkFields,
  rowsOfWindow,
} from "./manual-window.ts";
import { withPresentDivergences } from "./present-divergences.ts";
import { anomaliesOf, recordBreaches } from "./reading-anomalies.ts";
import { reconcileWindows } from "./reconcile-windows.ts";
import { recordLooks } from "./record-looks.ts";
import { type Tracker, writeAndRemember } from "./tracker.ts";
import { usageBySource, usageOfWindow } from "./window-usage.ts";

/** What an operator says about a window; what they leave out is null, never a default. */
export interface CompletedWork {
  readonly feature: string;
  readonly outcome: Outcome;
  readonly reason: string | null;
  /** 0 to 1. */
  readonly quality: number | null;
  readonly methodology: string | null;
  readonly remark: string | null;
  readonly commitStart: string | null;
  readonly commitEnd: string | null;
  /** The subscription that pays for the work; null if the configuration names none. */
  readonly plan: FoundPlan | null;
}

const METHOD_VERSION = "by-hand-1";

/**
 * Makes a manual window final, then takes the looks and gates that follow. A second time corrects the first.
 * `isThere` says that an earlier row says the same, and that nothing was written. `used` is what sources said.
 */
export async function completeWindow(tracker: Tracker, key: ManualWindow, work: CompletedWork) {
  const nowMs = tracker.clock.nowMs();
  const used = usageBySource(tracker.store);
  const { plan, written } = await writeAndRemember(tracker, "windows", (view) => {
    const before = rowsOfWindow(view, key);
    const row = finalRow(withPresentDivergences(view, used), key, {
      rows: before,
      work,
      nowMs,
      usage: usageOfWindow(used, key) ?? NO_USAGE,
    });
    return { rows: isSame(before, row) ? [] : [row], final: before.final };
  });
  const former = plan.final?.id ?? null;
  const id = written[0]?.id ?? former ?? "";
  await recordIncomplete(tracker, key, { id, work });
  const own = used.get(idOf(key));
  await reconcileWindows(tracker, own === undefined ? [] : [own]);
  await recordLooks(tracker);
  const isThere = written.length === 0;
  return { id, isThere, corrects: isThere ? null : former, used };
}

async function recordIncomplete(
  tracker: Tracker,
  key: ManualWindow,
  { id, work }: { readonly id: string; readonly work: CompletedWork },
): Promise<void> {
  const { commitStart: commit_start, commitEnd: commit_end, methodology } = work;
  const missing = missingFields({ commit_start, commit_end, methodology });
  if (missing.length === 0) return;
  await recordBreaches(tracker, key, [
    {
      kind: "incomplete",
      touches: [id],
      observed: { missing },
      action: "The window counts in no decision until it is completed again with what it lacks.",
    },
  ]);
}

function finalRow(
  view: ExperimentView,
  key: ManualWindow,
  said: {
    readonly rows: ManualWindowRows;
    readonly work: CompletedWork;
    readonly nowMs: number;
    readonly usage: Usage;
  },
): NewRow {
  const { rows, work, nowMs, usage } = said;
  const { final } = rows;
  const readings = readFields(rows);
  return {
    record: "window_finalized",
    ...(final === undefined ? {} : { supersedes: final.id }),
    ...keyFields(key, work.feature),
    executed_order: final?.executed_order ?? nextOrder(view),
    outcome: work.outcome,
    reason: work.reason,
    methodology: work.methodology,
    commit_start: work.commitStart,
    commit_end: work.commitEnd,
    ...spanOf(rows, nowMs),
    quality: work.quality,
    scenarios: [],
    usage,
    earlier_attempts: { attempts: key.attempt - 1, usage: NO_USAGE },
    ...readings,
    ...manualCost(readings, work.plan ?? planPaidBy(final?.dollars)),
    churn: churnOf(rows, work),
    requests: { total: usage.requests, errors: 0, refused: 0 },
    anomalies: anomaliesOf(view, key)
      .filter(({ isPast }) => !isPast)
      .map(({ id }) => id)
      .toSorted(),
    isolation: null,
    exit_code: null,
    reported_usage: null,
    versions: { method: METHOD_VERSION },
    ...remarkFields(work.remark),
  };
}

/** From reading to reading; without readings, until now. */
function spanOf({ before, after }: ManualWindowRows, nowMs: number) {
  const openedAt = before?.captured_at ?? timestampOf(nowMs);
  const endedAt = after?.captured_at ?? timestampOf(Math.max(nowMs, epochMsOf(openedAt)));
  const duration_ms = epochMsOf(endedAt) - epochMsOf(openedAt);
  return { opened_at: openedAt, ended_at: endedAt, duration_ms };
}

function readFields({ before, after }: ManualWindowRows) {
  return {
    meters: { before: before?.meters ?? [], after: after?.meters ?? [] },
    capacity: capacityOf({ before, after }),
    snapshots: [before, after].flatMap((reading) => (reading === undefined ? [] : [reading.h])),
  };
}

/** The churn, if it was measured between the commits that the operator names. */
function churnOf(
  { churn }: ManualWindowRows,
  { commitStart, commitEnd }: CompletedWork,
): Churn | null {
  if (churn === undefined || commitStart === null || commitEnd === null) return null;
  const isSameSpan =
    churn.commit_start.startsWith(commitStart) && churn.commit_end.startsWith(commitEnd);
  return isSameSpan ? churn.churn : null;
}

function nextOrder(view: ExperimentView): number {
  return Math.max(0, ...completionsIn(view).map(({ executed_order: order }) => order)) + 1;
}

const SAID = [
  "feature_id",
  "outcome",
  "reason",
  "methodology",
  "commit_start",
  "commit_end",
  "quality",
  "capacity",
  "churn",
  "usage",
  "cost",
  "dollars",
  "operator_notes",
] as const;

/** Whether the window's final row already says what the new one would say. */
function isSame({ final }: ManualWindowRows, row: NewRow): boolean {
  return (
    final !== undefined &&
    SAID.every((field) => isDeepStrictEqual(plain(final[field]), plain(row[field])))
  );
}

function plain(value: unknown): unknown {
  return value === null || value === undefined ? null : JSON.parse(JSON.stringify(value));
}

/** No proxy saw the requests. */
const NO_LIST_PRICE = { amount: null, known: 0, unpriced: [], untold: 0, reported: null };

/** What a manual window cost: its share of a subscription. Without a subscription it is unknown. */
export function manualCost(
  { meters, capacity }: Pick<ReturnType<typeof readFields>, "meters" | "capacity">,
  plan: FoundPlan | undefined,
): { readonly cost: Cost; readonly dollars?: DollarCost } {
  if (plan === undefined) {
    return { cost: { measure: "tokens", amount: null, is_lower_bound: false } };
  }
  const paid = planCost(plan, { ...meters, capacity, elsewhere: 0 });
  return {
    cost: { measure: "usd", amount: paid.amount, is_lower_bound: false, basis: "plan" },
    dollars: { ...NO_LIST_PRICE, plan: paid },
  };
}

/** The subscription of an earlier completion, which holds until the operator names another one. */
export function planPaidBy(dollars: DollarCost | undefined): FoundPlan | undefined {
  if (dollars?.plan === undefined) return undefined;
  const { plan: name, list, as_of: asOf, usd, per_days, meter, step_percent } = dollars.plan;
  return { name, list, asOf, price: { usd, per_days, meter, step_percent } };
}
