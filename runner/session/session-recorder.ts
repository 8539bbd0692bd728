import type { Clock } from "../../ledger/domain/clock.ts";
import type { Meter } from "../../ledger/domain/meter.ts";
import { timestampOf } from "../../ledger/domain/timestamp.ts";
import type { TokenBasis } from "../../ledger/domain/token-basis.ts";
import type { CapacityDelta } from "../../ledger/domain/window.ts";
import { capacityDeltas } from "../../ledger/invariants/capacity-delta.ts";
import { type RecentReset, recentResets } from "../../ledger/invariants/late-after.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import {
  earlierAttempts,
  finalOf,
  lastExecutedOrder,
  nextAttempt,
  providerTokens,
} from "../../ledger/views/progress.ts";
import type { PlannedWindow } from "../assignment/plan.ts";
import { accountOf } from "../config/account-of.ts";
import type { Provider } from "../config/configuration.ts";
import type { CostMeasure } from "../config/cost-measure.ts";
import { planCost } from "../prices/plan-cost.ts";
import { DrivenReadings } from "../tracker/driven-readings.ts";
import { snapshotRow } from "../tracker/snapshot-row.ts";
import { COUNTED } from "../tracker/told-parser.ts";
import {
  anomalyRows,
  type AttemptRecord,
  capacityAnomalies,
  churnRows,
  endRow,
  lateAnomalies,
  trafficRows,
  windowKey,
} from "./attempt-rows.ts";
import { isFinalAttempt } from "./is-final-attempt.ts";
import type { Journal } from "./journal.ts";
import type { AttemptOrder, AttemptResult, WindowWorker } from "./window-worker.ts";

export interface RecorderParts {
  readonly experimentId: string;
  readonly sessionId: string;
  readonly journal: Journal;
  readonly view: ExperimentView;
  readonly clock: Clock;
  readonly basis: TokenBasis;
  /** What a window costs is measured in; by default tokens. */
  readonly measure?: CostMeasure;
  readonly randomId: () => string;
  /** Whose plans and accounts are known. */
  readonly providers?: readonly Provider[];
}

interface PlanReadings {
  readonly provider: string;
  readonly before: readonly Meter[];
  readonly after: readonly Meter[];
  readonly capacity: readonly CapacityDelta[];
}

interface SessionReading {
  readonly phase: "before" | "after";
  readonly capturedAt: string;
  readonly meters: readonly Meter[];
  /** Resets that had just happened. */
  readonly late: readonly RecentReset[];
}

/** Writes a session's windows down, in the order that a crash at any point leaves readable. */
export class SessionRecorder {
  readonly #parts: RecorderParts;
  readonly #open = new Map<string, AttemptRecord>();
  /** What vendors last told of their own meters, by account: providers that share one share its meters. */
  readonly #told = new Map<string, readonly Meter[]>();
  readonly #readings: DrivenReadings;
  #executedOrder: number;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    this.#readings = new DrivenReadings(parts.experimentId, parts.journal.ledger);
    this.#executedOrder = lastExecutedOrder(parts.view);
  }

  isFinal(window: string): boolean {
    return finalOf(this.#parts.view, window) !== undefined;
  }

  /** Opens the next attempt: once this resolves, a crash leaves what a sweep needs to clean up. */
  async open(planned: PlannedWindow, worker: WindowWorker): Promise<AttemptOrder> {
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
        this.#told.get(this.#accountOf(planned.provider)) ?? [],
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

  /** Writes what an attempt left; the last row makes the window final or the attempt interrupted. */
  async close(order: AttemptOrder, result: AttemptResult, methodology: string): Promise<void> {
    const { journal, clock, view } = this.#parts;
    const record = this.#open.get(order.planned.window);
    if (record === undefined) throw new Error(`${order.planned.window} was never opened.`);
    this.#open.delete(order.planned.window);
    await journal.settled();
    const { provider } = order.planned;
    const told = result.meters ?? [];
    if (told.length > 0) this.#told.set(this.#accountOf(provider), told);
    const after = this.#readMeters(provider, told);
    const known = knownBefore(record.before, after);
    const capacity = capacityDeltas(record.before, known);
    // A clock that was set back makes no after older than its before.
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
      journal.write("proxy_telemetry", trafficRows(order, result)),
    ]);
    const end = endRow({
      record,
      result: this.#withPlan(result, { provider, before: record.before, after, capacity }),
      methodology,
      after,
      capacity,
      snapshots: snapshot.map(({ h }) => h),
      anomalies: anomalies.map(({ id }) => id),
      endedAtMs: clock.nowMs(),
      durationMs: clock.monotonicMs() - record.startedMs,
      measure: this.#parts.measure ?? "tokens",
      earlier: earlierAttempts(view, { window: order.planned.window, attempt: order.attempt }),
      isFinal: isFinalAttempt(result.outcome, order.attempt),
    });
    await journal.write("windows", [end]);
    await journal.checkpoint();
  }

  /** Our own counter, and what the vendor has told; a vendor that told nothing is not read as still. */
  #readMeters(provider: string, told: readonly Meter[]): readonly Meter[] {
    return [
      {
        name: "proxy",
        limit_window_minutes: null,
        unit: "tokens",
        used: providerTokens(this.#parts.view, provider, this.#parts.basis),
        as_of: timestampOf(this.#parts.clock.nowMs()),
      },
      ...told,
    ];
  }

  /** The account that pays; a provider that is not known has one of its own. */
  #accountOf(provider: string): string {
    const known = this.#parts.providers?.find(({ id }) => id === provider);
    return known === undefined ? provider : accountOf(known);
  }

  #withPlan(result: AttemptResult, { provider, ...readings }: PlanReadings): AttemptResult {
    const plan = this.#parts.providers?.find(({ id }) => id === provider)?.plan;
    const { dollars, dollarsElsewhere: elsewhere = 0 } = result;
    if (plan === undefined || dollars === undefined) return result;
    return { ...result, dollars: { ...dollars, plan: planCost(plan, { ...readings, elsewhere }) } };
  }

  async #writeSnapshot(order: AttemptOrder, { phase, capturedAt, meters, late }: SessionReading) {
    const key = windowKey(order);
    const notes = late.length === 0 ? [] : ["late-after"];
    const row = snapshotRow({ key, phase, meters, parser: COUNTED, notes });
    const rule = this.#readings.ruleFor({ key, phase, capturedAt });
    return await this.#parts.journal.write(
      "snapshots",
      [{ ...row, captured_at: capturedAt }],
      rule,
    );
  }
}

/**
 * The first answer of a session tells of a meter that nobody had read before: it is kept as a
 * reading, but there is no delta to be had of it, and nothing is amiss.
 */
function knownBefore(before: readonly Meter[], after: readonly Meter[]): readonly Meter[] {
  return after.filter(isIn(before));
}

function isIn(meters: readonly Meter[]): (one: Meter) => boolean {
  return ({ name }) => meters.some((meter) => meter.name === name);
}
