import { sum } from "simple-statistics";

import { MANUAL_EXPERIMENT } from "../../ledger/domain/experiment.ts";
import type { CapacityDelta } from "../../ledger/domain/window.ts";
import { capacityDeltas } from "../../ledger/invariants/capacity-delta.ts";
import { latestOf, type SnapshotFact } from "../../ledger/views/experiment-fact.ts";
import { estimateEfficiency, type Work } from "./estimate-efficiency.ts";
import type { HandWork, MeterFigures, SnapshotPair } from "./hand-data.ts";
import { joinTouches } from "./index-touches.ts";
import type { ObservedWindow } from "./list-windows.ts";
import type { ReportContext } from "./report-context.ts";

const PER_UNITS = 100;

/** The meters and readings of windows worked by hand; null for a registered experiment. */
export function describeHandWork(context: ReportContext): HandWork | null {
  if (context.view.experimentId !== MANUAL_EXPERIMENT) return null;
  return { meters: describeMeters(context), snapshots: describeSnapshots(context) };
}

/** One valid window's difference in one meter. */
interface Measured extends Pick<Work, "feature" | "quality"> {
  readonly delta: CapacityDelta;
  readonly touchedBy: readonly number[];
}

function describeMeters({ asked, windows }: ReportContext): readonly MeterFigures[] {
  return asked.providers.flatMap(({ provider }) => {
    const valid = windows.filter(
      ({ line }) => line.provider === provider && line.state === "valid",
    );
    const byMeter = Map.groupBy(valid.flatMap(measuredIn), ({ delta }) =>
      JSON.stringify([delta.name, delta.unit]),
    );
    return [...byMeter.keys()]
      .toSorted()
      .flatMap((key) => describeMeter(provider, byMeter.get(key) ?? []));
  });
}

function measuredIn({ final, line }: ObservedWindow): readonly Measured[] {
  if (final === undefined) return [];
  const { feature_id: feature, capacity } = final;
  const about = { feature, quality: final.quality ?? 0, touchedBy: line.touched_by };
  return capacity.map((delta) => ({ delta, ...about }));
}

/**
 * A window that took nothing of the meter counts on both sides, as does its feature; one whose
 * difference is not proven counts on neither.
 */
function describeMeter(provider: string, measured: readonly Measured[]): readonly MeterFigures[] {
  const [first] = measured;
  if (first === undefined) return [];
  const proven = measured.filter(({ delta }) => delta.delta !== null);
  const works = proven.map(({ delta, ...work }) => ({ ...work, used: delta.delta ?? 0 }));
  return [
    {
      provider,
      meter: first.delta.name,
      unit: first.delta.unit,
      n: proven.length,
      unproven: measured.length - proven.length,
      used: works.length === 0 ? null : sum(works.map(({ used }) => used)),
      efficiency: estimateEfficiency(works, PER_UNITS),
      touched_by: joinTouches(measured.map(({ touchedBy }) => touchedBy)),
    },
  ];
}

function describeSnapshots({ view, touches }: ReportContext): readonly SnapshotPair[] {
  const byAttempt = Map.groupBy(view.snapshots.values(), ({ window, provider, attempt }) =>
    JSON.stringify([window, provider, attempt]),
  );
  return [...byAttempt.keys()].toSorted().flatMap((key): readonly SnapshotPair[] => {
    const facts = byAttempt.get(key) ?? [];
    const readings = facts.filter(({ meters }) => meters.length > 0);
    const before = latestOf(readings.filter(({ phase }) => phase === "before"));
    const after = latestOf(readings.filter(({ phase }) => phase === "after"));
    const [any] = facts;
    if (any === undefined) return [];
    return [
      {
        window: any.window,
        provider: any.provider,
        attempt: any.attempt,
        before_at: before?.captured_at ?? null,
        after_at: after?.captured_at ?? null,
        meters: pairMeters(before, after),
        errors: facts.flatMap(({ phase, errors }) => errors.map((error) => `${phase}: ${error}`)),
        touched_by: touches.ofWindow(any.window, any.provider),
      },
    ];
  });
}

function pairMeters(
  before: SnapshotFact | undefined,
  after: SnapshotFact | undefined,
): SnapshotPair["meters"] {
  return capacityDeltas(before?.meters ?? [], after?.meters ?? []).map((delta) => ({
    meter: delta.name,
    unit: delta.unit,
    before: usedOf(before, delta.name),
    after: usedOf(after, delta.name),
    delta: delta.delta,
    flag: delta.flag ?? null,
  }));
}

function usedOf(reading: SnapshotFact | undefined, name: string): number | null {
  return reading?.meters.find((meter) => meter.name === name)?.used ?? null;
}
