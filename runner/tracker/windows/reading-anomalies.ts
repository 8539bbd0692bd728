import { MANUAL_EXPERIMENT } from "../../../ledger/domain/design.ts";
import type { Meter } from "../../../ledger/domain/meter.ts";
import { MAIN_AGENT } from "../../../ledger/domain/window.ts";
import { capacityDeltas } from "../../../ledger/invariants/capacity-delta.ts";
import { recentResets } from "../../../ledger/invariants/late-after.ts";
import { MULTI_PANE_TRIMMED } from "../../../ledger/sources/pane-reading.ts";
import type { AnomalyFact, SnapshotFact } from "../../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import { type ManualWindow, rowKey, rowsOfWindow } from "./manual-window.ts";
import { contentId, type Tracker } from "./tracker.ts";

const DUPLICATE_PANE = "duplicate-pane";
/** The note of an after that is its before, on the operator's word. */
export const ACCEPT_IDLE = "accept-idle";

/** A breach of an invariant by rows of one window. */
export interface Breach {
  readonly kind: string;
  /** Ids of the rows that it affects. */
  readonly touches: readonly string[];
  readonly observed: Readonly<Record<string, unknown>>;
  readonly action: string;
}

/** The window's recorded anomalies. One is past if a row that it affects was undone or corrected. */
export function anomaliesOf(
  view: ExperimentView,
  { agent, window, provider }: ManualWindow,
): readonly (AnomalyFact & { readonly isPast: boolean })[] {
  return [...view.anomalies.values()]
    .filter((one) => one.window === window && one.provider === provider)
    .filter(({ window_agent: of = MAIN_AGENT }) => of === agent)
    .map((one) => ({ ...one, isPast: !one.touches.every((id) => view.isAlive(id)) }));
}

/** Records how the window's readings breach invariants 2, 3 and 4 now, and returns the breaches. */
export async function noteBreaches(
  tracker: Tracker,
  key: ManualWindow,
): Promise<readonly Breach[]> {
  const { before, after } = rowsOfWindow(tracker.ledger.view, key);
  const readings = [before, after].filter((reading) => reading !== undefined);
  const trimmed = readings.filter(({ notes }) => notes.includes(MULTI_PANE_TRIMMED));
  const breaches = [
    ...trimmed.map(({ id, phase }) => ({
      kind: MULTI_PANE_TRIMMED,
      touches: [id],
      observed: { phase },
      action: "Only the last pane of the capture was read.",
    })),
    ...(before === undefined || after === undefined ? [] : pairBreaches(before, after)),
  ];
  await recordBreaches(tracker, key, breaches);
  return breaches;
}

function pairBreaches(before: SnapshotFact, after: SnapshotFact): readonly Breach[] {
  const late = recentResets([before.meters, after.meters], after.captured_at);
  const unknown = capacityDeltas(before.meters, after.meters).filter(
    ({ flag }) => flag !== undefined && flag !== "meter-missing" && flag !== DUPLICATE_PANE,
  );
  return [
    ...duplicateBreaches(before, after),
    ...late.map(({ meter, resetsAt }) => ({
      kind: "late-after",
      touches: [after.id],
      observed: { meter, resets_at: resetsAt, captured_at: after.captured_at },
      action: "The after was kept on the operator's word; it may show the old period.",
    })),
    ...unknown.map(({ name, flag = "" }) => ({
      kind: flag,
      touches: [before.id, after.id],
      observed: {
        meter: name,
        ...(flag === "unit-changed" ? { units: [before, after].map(unitOf(name)) } : {}),
        before: shown(before.meters, name),
        after: shown(after.meters, name),
      },
      action: "The window's capacity on this meter stays unknown.",
    })),
  ];
}

/** An after that is byte for byte its before, whether or not the operator says that nothing was used. */
function duplicateBreaches(before: SnapshotFact, after: SnapshotFact): readonly Breach[] {
  const isAccepted = after.notes.includes(ACCEPT_IDLE);
  if (!isAccepted && !after.meters.some((meter) => meter.is_duplicate === true)) return [];
  return [
    {
      kind: DUPLICATE_PANE,
      touches: [before.id, after.id],
      observed: { raw_sha256: after.raw_sha256 },
      action: isAccepted
        ? "The after was kept on the operator's word that nothing was used."
        : "The capacity stays unknown. If nothing was used, take the same after again with --accept-idle.",
    },
  ];
}

function unitOf(name: string) {
  return ({ meters }: SnapshotFact) => meters.find((meter) => meter.name === name)?.unit;
}

function shown(meters: readonly Meter[], name: string) {
  const meter = meters.find((one) => one.name === name);
  return meter === undefined ? null : { used: meter.used, resets_at: meter.resets_at ?? null };
}

/** Records counts that can't be right, each once. null: nobody knows which window they are of. */
export async function recordBadUsage(
  tracker: Tracker,
  key: ManualWindow | null,
  { observed, ...anomaly }: Omit<Breach, "touches">,
): Promise<void> {
  const of = key === null ? {} : rowKey(key);
  const touches = key === null ? [] : [key.window];
  await recordBreaches(tracker, key, [{ ...anomaly, touches, observed: { ...observed, ...of } }]);
}

/** Records the breaches that the ledger does not have yet, each of the same rows once. */
export async function recordBreaches(
  { ledger }: Tracker,
  key: ManualWindow | null,
  breaches: readonly Breach[],
): Promise<void> {
  const { attempt: _attempt, ...place } = key === null ? { attempt: null } : rowKey(key);
  const rows = breaches.map((breach) => ({
    record: "anomaly_recorded",
    id: contentId(breach),
    experiment_id: MANUAL_EXPERIMENT,
    ...place,
    ...breach,
  }));
  await ledger.write("anomalies", (view) => ({
    rows: rows.filter(({ id }) => view.findRow(id) === undefined),
  }));
}
