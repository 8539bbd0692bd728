import { isValidOutcome } from "../../ledger/domain/outcome.ts";
import { SnapshotTaken } from "../../ledger/domain/snapshot.ts";
import type { CapacityDelta } from "../../ledger/domain/window.ts";
import { missingFields } from "../../ledger/invariants/completeness.ts";
import type { LedgerReader } from "../../ledger/store/store.ts";
import type { AnomalyFact, FinalizedFact } from "../../ledger/views/experiment-fact.ts";
import { openExperimentView } from "../../ledger/views/open-view.ts";
import { attemptsOf } from "../../ledger/views/progress.ts";
import type { ObservedWindow } from "../../reports/report/list-windows.ts";
import { createContext } from "../../reports/report/report-context.ts";

/** A reading of a driven window. */
interface DrivenReading {
  readonly id: string;
  readonly taken: SnapshotTaken;
  readonly at: string;
}

/** What a window that `experiment run` drives has and what it lacks to count. */
export interface DrivenAudit {
  readonly experimentId: string;
  readonly window: string;
  readonly provider: string;
  readonly readings: readonly DrivenReading[];
  readonly capacity: readonly CapacityDelta[];
  readonly final: FinalizedFact | undefined;
  readonly anomalies: readonly AnomalyFact[];
  /** Empty where the window counts. */
  readonly missing: readonly string[];
}

/** Says what is missing for a driven window to count; undefined where nothing plans or names it. */
export function auditDriven(
  ledger: Pick<LedgerReader, "read">,
  experimentId: string,
  window: string,
): DrivenAudit | undefined {
  const view = openExperimentView(ledger, experimentId);
  const { windows, touches } = createContext(view);
  const observed = windows.find(({ line }) => line.window === window);
  if (observed === undefined) return undefined;
  const { final, line } = observed;
  const touching = touches.anomalies
    .filter(({ number }) => line.touched_by.includes(number))
    .map(({ id }) => view.anomalies.get(id));
  return {
    experimentId,
    window,
    provider: line.provider,
    readings: readingsOf(ledger, { experimentId, window }),
    capacity: final?.capacity ?? [],
    final,
    anomalies: touching.filter((anomaly) => anomaly !== undefined),
    missing: line.state === "valid" ? [] : findMissing(observed),
  };
}

function readingsOf(
  ledger: Pick<LedgerReader, "read">,
  { experimentId, window }: Pick<DrivenAudit, "experimentId" | "window">,
): readonly DrivenReading[] {
  const readings: DrivenReading[] = [];
  for (const row of ledger.read("snapshots")) {
    if (row["experiment_id"] !== experimentId || row["window"] !== window) continue;
    const taken = SnapshotTaken.safeParse(row);
    if (!taken.success) continue;
    const { data } = taken;
    readings.push({ id: row.id, taken: data, at: data.captured_at ?? row.recorded_at });
  }
  return readings;
}

function findMissing({ final, view, missing }: ObservedWindow): readonly string[] {
  if (final === undefined) return [sayNotEnded(attemptsOf(view))];
  const lacks = [
    ...(isValidOutcome(final.outcome)
      ? []
      : [`outcome ${final.outcome}: the window counts as missing`]),
    ...missingFields(final).map(
      (field) => `no ${field}: the window is incomplete and counts in no decision`,
    ),
    ...(final.quality === null ? ["no quality: nothing was graded"] : []),
    ...(missing === "no_cost" ? ["no cost in the measure that is compared"] : []),
  ];
  return lacks.length > 0 ? lacks : [`${missing ?? "not valid"}: the window counts as missing`];
}

function sayNotEnded(attempts: ReturnType<typeof attemptsOf>): string {
  const last = attempts.at(-1);
  if (last === undefined) return "not run: experiment run --resume";
  const ended = last.interrupted.at(-1);
  return ended === undefined
    ? `attempt ${last.attempt} has no end: experiment run --resume`
    : `attempt ${last.attempt} ended as ${ended.outcome}, to be tried again: experiment run --resume`;
}
