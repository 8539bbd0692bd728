import { isDeepStrictEqual } from "node:util";

import type { Outcome } from "../../ledger/domain/outcome.ts";
import type { NewRow, Row } from "../../ledger/domain/row.ts";
import { epochMsOf, timestampOf } from "../../ledger/domain/timestamp.ts";
import { NO_USAGE } from "../../ledger/domain/usage.ts";
import type { Churn } from "../../ledger/domain/window.ts";
import { capacityDeltas } from "../../ledger/invariants/capacity-delta.ts";
import { missingFields } from "../../ledger/invariants/completeness.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import type { FoundPlan } from "../prices/plan-price.ts";
import { rememberRows } from "./agent-state.ts";
import { handCost, planPaidBy } from "./hand-cost.ts";
import { type HandWindow, type HandWindowRows, keyFields, rowsOfWindow } from "./hand-window.ts";
import { recordBreaches } from "./reading-anomalies.ts";
import { recordLooks } from "./record-looks.ts";
import type { Tracker } from "./tracker.ts";

/** What an operator says of a window; what they do not say is null, never a default. */
export interface CompletedWork {
  readonly feature: string;
  readonly outcome: Outcome;
  readonly reason: string | null;
  /** 0 to 1. */
  readonly quality: number | null;
  readonly methodology: string | null;
  readonly commitStart: string | null;
  readonly commitEnd: string | null;
  /** The subscription that pays for the work; null where the configuration names none. */
  readonly plan: FoundPlan | null;
}

/** A window's final row as it stands now. */
export interface CompletedWindow {
  readonly id: string;
  /** The same was said before; nothing was written. */
  readonly isThere: boolean;
  /** The final row that this one corrects. */
  readonly corrects: string | null;
  /** What the row lacks by invariant 7. */
  readonly missing: readonly string[];
}

const METHOD_VERSION = "by-hand-1";

/**
 * Makes a window worked by hand final, then takes the looks that it brings, and the gates with them.
 * A second time corrects the first, which counts no more.
 */
export async function completeWindow(
  tracker: Tracker,
  key: HandWindow,
  work: CompletedWork,
): Promise<CompletedWindow> {
  const nowMs = tracker.clock.nowMs();
  const { plan, written } = await tracker.ledger.write("windows", (view) => {
    const rows = rowsOfWindow(view, key);
    const row = finalRow({ view, tracker, key, work, nowMs }, rows);
    const isThere = isSame(rows, row);
    return { rows: isThere ? [] : [row], final: rows.final };
  });
  const id = written[0]?.id ?? plan.final?.id ?? "";
  rememberRows(
    tracker.folder,
    tracker.agent,
    written.map((row: Row) => row.id),
  );
  const missing = missingFields({
    commit_start: work.commitStart,
    commit_end: work.commitEnd,
    methodology: work.methodology,
  });
  await recordIncomplete(tracker, key, { id, missing });
  await recordLooks(tracker);
  const isThere = written.length === 0;
  return { id, isThere, corrects: isThere ? null : (plan.final?.id ?? null), missing };
}

async function recordIncomplete(
  tracker: Tracker,
  key: HandWindow,
  { id, missing }: { readonly id: string; readonly missing: readonly string[] },
): Promise<void> {
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

interface FinalParts {
  readonly view: ExperimentView;
  readonly tracker: Tracker;
  readonly key: HandWindow;
  readonly work: CompletedWork;
  readonly nowMs: number;
}

function finalRow({ view, tracker, key, work, nowMs }: FinalParts, rows: HandWindowRows): NewRow {
  const { final } = rows;
  const readings = readingsOf(rows);
  return {
    record: "window_finalized",
    source: "alias",
    agent_id: tracker.agent,
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
    usage: NO_USAGE,
    earlier_attempts: { attempts: key.attempt - 1, usage: NO_USAGE },
    ...readings,
    ...handCost(readings, work.plan ?? planPaidBy(final?.dollars)),
    churn: churnOf(rows, work),
    requests: { total: 0, errors: 0, refused: 0 },
    anomalies: anomaliesOf(view, key),
    isolation: null,
    exit_code: null,
    reported_usage: null,
    versions: { method: METHOD_VERSION },
  };
}

/** From reading to reading; without them, until now. */
function spanOf({ before, after }: HandWindowRows, nowMs: number) {
  const openedAt = before?.captured_at ?? timestampOf(nowMs);
  const endedAt = after?.captured_at ?? timestampOf(Math.max(nowMs, epochMsOf(openedAt)));
  const duration_ms = epochMsOf(endedAt) - epochMsOf(openedAt);
  return { opened_at: openedAt, ended_at: endedAt, duration_ms };
}

function readingsOf({ before, after }: HandWindowRows) {
  const isPair = before !== undefined && after !== undefined;
  return {
    meters: { before: before?.meters ?? [], after: after?.meters ?? [] },
    capacity: isPair ? capacityDeltas(before.meters, after.meters) : [],
    snapshots: [before, after].flatMap((reading) => (reading === undefined ? [] : [reading.h])),
  };
}

/** The churn that was measured between the very commits that the window is completed with. */
function churnOf(
  { churn }: HandWindowRows,
  { commitStart, commitEnd }: CompletedWork,
): Churn | null {
  if (churn === undefined || commitStart === null || commitEnd === null) return null;
  const isSameSpan =
    churn.commit_start.startsWith(commitStart) && churn.commit_end.startsWith(commitEnd);
  return isSameSpan ? churn.churn : null;
}

function nextOrder(view: ExperimentView): number {
  const orders = [...view.windows.values()]
    .flatMap(({ attempts }) => [...attempts.values()])
    .flatMap(({ finalized }) => finalized.map(({ executed_order: order }) => order));
  return Math.max(0, ...orders) + 1;
}

function anomaliesOf(view: ExperimentView, { window, provider }: HandWindow): readonly string[] {
  return [...view.anomalies.values()]
    .filter((one) => one.window === window && one.provider === provider)
    .filter(({ touches }) => touches.every((id) => view.isAlive(id)))
    .map(({ id }) => id)
    .toSorted();
}

/** Whether the window's final row says what the new one would say. */
function isSame({ final }: HandWindowRows, row: NewRow): boolean {
  if (final === undefined) return false;
  const said = [
    "feature_id",
    "outcome",
    "reason",
    "methodology",
    "commit_start",
    "commit_end",
  ] as const;
  const measured = ["quality", "capacity", "churn", "cost", "dollars"] as const;
  return [...said, ...measured].every((field) =>
    isDeepStrictEqual(plain(final[field]), plain(row[field])),
  );
}

function plain(value: unknown): unknown {
  return value === null || value === undefined ? null : JSON.parse(JSON.stringify(value));
}
