import type { Clock } from "../../../ledger/domain/clock.ts";
import type { Meter } from "../../../ledger/domain/meter.ts";
import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import type { TokenBasis } from "../../../ledger/domain/token-basis.ts";
import { capacityDeltas } from "../../../ledger/invariants/capacity-delta.ts";
import { type RecentReset, recentResets } from "../../../ledger/invariants/late-after.ts";
import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import {
  countedAttempts,
  earlierAttempts,
  finalOf,
  nextAttempt,
  providerTokens,
} from "../../../ledger/views/progress.ts";
import { gatherEvidence } from "../../../reports/evidence/evidence.ts";
import { runCommand } from "../../../reports/evidence/run-command.ts";
import { type MeterReadings, planCost } from "../../gateway/prices/plan-cost.ts";
import type { PlannedWindow } from "../../plan/assignment/plan.ts";
import type { Provider } from "../../plan/config/configuration.ts";
import type { CostMeasure } from "../../plan/config/cost-measure.ts";
import { accountOf } from "../../plan/config/describe-prices.ts";
import { DrivenReadings } from "../../tracker/windows/driven-readings.ts";
import { keyOf, snapshotRow } from "../../tracker/windows/manual-window.ts";
import { PROXY_COUNTER } from "../../tracker/windows/proxy-reading.ts";
import type { Journal } from "../spending/journal.ts";
import {
  type AttemptOrder,
  type AttemptResult,
  type LateGrade,
  windowKey,
  type WindowWorker,
} from "../windows/window-worker.ts";
import {
  anomalyRows,
  type AttemptRecord,
  capacityAnomalies,
  churnRows,
  connectionRows,
  endRow,
  lateAnomalies,
  teamRows,
  trafficRows,
} from "./attempt-rows.ts";
import { lateRow, openUngraded, readUngraded, type UngradedAttempt } from "./ungraded-attempts.ts";

export interface RecorderParts {
  readonly experimentId: string;
  readonly sessionId: string;
  readonly journal: Journal;
  readonly view: ExperimentView;
  readonly clock: Clock;
  readonly basis: TokenBasis;
  /** The measure of a window's cost; by default tokens. */
  readonly measure?: CostMeasure;
  readonly randomId: () => string;
  /** For their subscriptions and accounts. */
  readonly providers?: readonly Provider[];
  /** Missing windows whose kept work is graded once more. */
  readonly gradeAgain?: ReadonlySet<string> | undefined;
  /** The number of the last window that was opened; by default the view knows it. */
  readonly lastExecutedOrder?: number;
}

interface SessionReading {
  readonly phase: "before" | "after";
  readonly capturedAt: string;
  readonly meters: readonly Meter[];
  /** Resets that had just happened. */
  readonly late: readonly RecentReset[];
}

/** Records a session's windows in an order that stays readable after a crash at any point. */
export class SessionRecorder {
  readonly #parts: RecorderParts;
  readonly #open = new Map<string, AttemptRecord>();
  /** The last vendor reading of each account; providers with the same account share its meters. */
  readonly #vendorMeters = new Map<string, readonly Meter[]>();
  readonly #readings: DrivenReadings;
  /** Those that still wait for it. */
  readonly #again: Set<string>;
  #executedOrder: number;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    this.#readings = new DrivenReadings(parts.experimentId, parts.journal.ledger, () =>
      runCommand(gatherEvidence(parts.view)),
    );
    this.#again = new Set(parts.gradeAgain);
    this.#executedOrder = parts.lastExecutedOrder ?? parts.view.lastExecutedOrder;
  }

  isFinal(window: string): boolean {
    return finalOf(this.#parts.view, window) !== undefined && !this.#again.has(window);
  }

  /** Whether the window's agent has done its part, and only a grade is missing. */
  isUngraded(window: string): boolean {
    return this.#again.has(window) || openUngraded(this.#parts.view, window) !== undefined;
  }

  /** The attempt that only lacks a grade. */
  ungraded(window: string): UngradedAttempt {
    const { view, journal } = this.#parts;
    const final = this.#again.has(window) ? finalOf(view, window)?.id : undefined;
    const id = final ?? openUngraded(view, window);
    if (id === undefined) throw new Error(`${window} does not wait for a grade.`);
    return readUngraded(id, journal.ledger);
  }

  /** Records a grade that came after its attempt's end, or that there is still none. */
  async closeUngraded(attempt: UngradedAttempt, grade: LateGrade): Promise<void> {
    const { journal, view, experimentId } = this.#parts;
    const { window } = attempt.key;
    const rows = anomalyRows({ experimentId, planned: { window } }, grade.anomalies);
    const anomalies = (await journal.write("anomalies", rows)).map(({ id }) => id);
    await journal.write("windows", [lateRow(attempt, grade, { view, anomalies })]);
    await journal.checkpoint();
    this.#again.delete(window);
  }

  /** Opens the next attempt. Afterwards the ledger has what a sweep needs after a crash. */
  async open(
    planned: PlannedWindow,
    worker: Pick<WindowWorker, "workspaceRoot">,
  ): Promise<AttemptOrder> {
    const { view, experimentId, sessionId, journal, clock, randomId } = this.#parts;
    const attempt = nextAttempt(view, planned.window);
    const order: AttemptOrder = {
      experimentId,
      sessionId,
      planned,
      attempt,
      marker: `cb-${experimentId}-${planned.window}-${String(attempt)}-${randomId()}`,
    };
    this.#executedOrder += 1;
    const executedOrder = this.#executedOrder;
    await journal.write("windows", [
      {
        record: "window_opened",
        ...windowKey(order),
        session_id: sessionId,
        executed_order: executedOrder,
        marker: order.marker,
        workspace: worker.workspaceRoot,
      },
    ]);
    const record = {
      order,
      executedOrder,
      openedAtMs: clock.nowMs(),
      startedMs: clock.monotonicMs(),
      before: this.#readMeters(
        planned.provider,
        this.#vendorMeters.get(this.#accountOf(planned.provider)) ?? [],
      ),
    };
    this.#open.set(planned.window, record);
    await this.#writeSnapshot(order, {
      phase: "before",
      capturedAt: timestampOf(record.openedAtMs),
      meters: record.before,
      late: [],
    });
    return order;
  }

  /** Records the result of an attempt. The last row makes the window final or the attempt interrupted. */
  async close(order: AttemptOrder, result: AttemptResult, methodology: string): Promise<void> {
    const { journal, clock, view } = this.#parts;
    const record = this.#open.get(order.planned.window);
    if (record === undefined) throw new Error(`${order.planned.window} was never opened.`);
    this.#open.delete(order.planned.window);
    await journal.settled();
    const { provider } = order.planned;
    const read = result.meters ?? [];
    if (read.length > 0) this.#vendorMeters.set(this.#accountOf(provider), read);
    const after = this.#readMeters(provider, read);
    // A session's first answer may bring new meters. They are part of the reading, but have no delta.
    const known = after.filter(isIn(record.before));
    const capacity = capacityDeltas(record.before, known);
    // A clock that was set back must not make the after older than its before.
    const capturedAt = timestampOf(Math.max(clock.nowMs(), record.openedAtMs));
    const late = recentResets([record.before.filter(isIn(after)), after], capturedAt);
    const noticed = [
      ...result.anomalies,
      ...capacityAnomalies(capacity),
      ...lateAnomalies(late, capturedAt),
    ];
    const [snapshot, anomalies] = await Promise.all([
      this.#writeSnapshot(order, { phase: "after", capturedAt, meters: after, late }),
      journal.write("anomalies", anomalyRows(order, noticed)),
      journal.write("churn", churnRows(order, result)),
      journal.write("handoffs", teamRows(order, result)),
      journal.write("proxy_telemetry", [
        ...trafficRows(order, result),
        ...connectionRows(order, result),
      ]),
    ]);
    const attempted = { window: order.planned.window, attempt: order.attempt };
    const end = endRow({
      order: record.order,
      executedOrder: record.executedOrder,
      openedAt: timestampOf(record.openedAtMs),
      result: this.#withPlan(result, provider, { before: record.before, after, capacity }),
      methodology,
      meters: { before: record.before, after },
      capacity,
      snapshots: snapshot.map(({ h }) => h),
      anomalies: anomalies.map(({ id }) => id),
      endedAtMs: clock.nowMs(),
      durationMs: clock.monotonicMs() - record.startedMs,
      measure: this.#parts.measure ?? "tokens",
      earlier: earlierAttempts(view, attempted),
      counted: countedAttempts(view, attempted),
      isLowerBound: result.outcome === "capped",
    });
    await journal.write("windows", [end]);
    await journal.checkpoint();
  }

  /** Our own counter and the vendor reading; without a vendor reading there is no vendor meter. */
  #readMeters(provider: string, vendor: readonly Meter[]): readonly Meter[] {
    return [
      {
        name: "proxy",
        limit_window_minutes: null,
        unit: "tokens",
        used: providerTokens(this.#parts.view, provider, this.#parts.basis),
        as_of: timestampOf(this.#parts.clock.nowMs()),
      },
      ...vendor,
    ];
  }

  /** The account that pays; an unknown provider has its own. */
  #accountOf(provider: string): string {
    const known = this.#parts.providers?.find(({ id }) => id === provider);
    return known === undefined ? provider : accountOf(known);
  }

  #withPlan(
    result: AttemptResult,
    provider: string,
    readings: Omit<MeterReadings, "elsewhere">,
  ): AttemptResult {
    const plan = this.#parts.providers?.find(({ id }) => id === provider)?.plan;
    const { dollars, dollarsElsewhere: elsewhere = 0 } = result;
    if (plan === undefined || dollars === undefined) return result;
    const { before, after, capacity } = readings;
    const cost = planCost(plan, { before, after, capacity, elsewhere });
    return { ...result, dollars: { ...dollars, plan: cost } };
  }

  async #writeSnapshot(order: AttemptOrder, { phase, capturedAt, meters, late }: SessionReading) {
    const key = windowKey(order);
    const notes = late.length === 0 ? [] : ["late-after"];
    const row = snapshotRow({ key, phase, meters, parser: PROXY_COUNTER, notes });
    const rule = this.#readings.ruleFor({ key: keyOf(key), phase, capturedAt });
    return await this.#parts.journal.write(
      "snapshots",
      [{ ...row, captured_at: capturedAt }],
      rule,
    );
  }
}

function isIn(meters: readonly Meter[]): (one: Meter) => boolean {
  return ({ name }) => meters.some((meter) => meter.name === name);
}
