import { sum } from "simple-statistics";

import { MAIN_AGENT } from "../../ledger/domain/window.ts";
import { capacityDeltas } from "../../ledger/invariants/capacity-delta.ts";
import type { SnapshotFact } from "../../ledger/views/experiment-fact.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { groupSorted } from "../evidence/group-sorted.ts";
import { joinNumbers } from "../evidence/index-affected.ts";
import type { ObservedWindow } from "../evidence/observe-windows.ts";
import { readingsOf } from "../evidence/window-lacks.ts";
import { estimateEfficiency } from "./estimate.ts";
import type { ManualFigures, MeterFigures, SnapshotPair } from "./manual-data.ts";

const PER_UNITS = 100;

/** The meters and readings of manual windows; null for a registered experiment. */
export function describeManual(evidence: Evidence): ManualFigures | null {
  if (evidence.design.isDriven) return null;
  return { meters: describeMeters(evidence), snapshots: describeSnapshots(evidence) };
}

/** One valid window's difference in one meter. */
type Measured = ReturnType<typeof measuredIn>[number];

function describeMeters({ asked, windows }: Evidence): readonly MeterFigures[] {
  return asked.providers.flatMap(({ provider }) => {
    const valid = windows.filter(
      ({ line }) => line.provider === provider && line.state === "valid",
    );
    const meters = groupSorted(valid.flatMap(measuredIn), ({ delta: { name, unit } }) =>
      JSON.stringify([name, unit]),
    );
    return meters.flatMap(([, measured]) => describeMeter(provider, measured));
  });
}

function measuredIn({ final, line }: ObservedWindow) {
  if (final === undefined) return [];
  const { feature_id: feature, capacity } = final;
  const about = { feature, quality: final.quality ?? 0, affectedBy: line.touched_by };
  return capacity.map((delta) => ({ delta, ...about }));
}

/**
 * A window that took nothing of the meter counts, and so does its feature. A window whose difference
 * is not proven does not count.
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
      touched_by: joinNumbers(measured.map(({ affectedBy }) => affectedBy)),
    },
  ];
}

function describeSnapshots({ view, affected }: Evidence): readonly SnapshotPair[] {
  const attempts = groupSorted(view.snapshots.values(), (fact) => {
    const { window, provider, attempt, window_agent: agent = MAIN_AGENT } = fact;
    return JSON.stringify([window, provider, attempt, agent]);
  });
  return attempts.flatMap(([, facts]): readonly SnapshotPair[] => {
    const { before, after } = readingsOf(facts);
    return facts.slice(0, 1).map(({ window, provider, attempt, window_agent }) => ({
      window,
      provider,
      agent: window_agent ?? MAIN_AGENT,
      attempt,
      before_at: before?.captured_at ?? null,
      after_at: after?.captured_at ?? null,
      before_source: before?.source ?? null,
      after_source: after?.source ?? null,
      meters: pairMeters(before, after),
      errors: facts.flatMap(({ phase, errors }) => errors.map((error) => `${phase}: ${error}`)),
      touched_by: affected.ofWindow(window, provider, window_agent),
    }));
  });
}

/** A line for each meter. If its unit changed, each reading has a line of its own. */
function pairMeters(
  before: SnapshotFact | undefined,
  after: SnapshotFact | undefined,
): SnapshotPair["meters"] {
  return capacityDeltas(before?.meters ?? [], after?.meters ?? []).flatMap(
    ({ name, delta, flag = null }) => {
      const [first, last] = [before, after].map((reading) =>
        reading?.meters.find((meter) => meter.name === name),
      );
      const units = new Set([first, last].flatMap((meter) => meter?.unit ?? []));
      return [...units].map((unit) => ({
        meter: name,
        unit,
        before: first?.unit === unit ? first.used : null,
        after: last?.unit === unit ? last.used : null,
        delta,
        flag,
      }));
    },
  );
}
