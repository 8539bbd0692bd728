import { MANUAL_EXPERIMENT } from "../../ledger/domain/experiment.ts";
import type { Meter } from "../../ledger/domain/meter.ts";
import type { NewRow } from "../../ledger/domain/row.ts";
import { capacityDeltas } from "../../ledger/invariants/capacity-delta.ts";
import { recentResets } from "../../ledger/invariants/late-after.ts";
import { MULTI_PANE_TRIMMED } from "../../ledger/sources/pane-reading.ts";
import type { SnapshotFact } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { contentId } from "./content-id.ts";
import { type HandWindow, rowsOfWindow } from "./hand-window.ts";
import type { Tracker } from "./tracker.ts";

/** A breach of an invariant by rows of one window. */
export interface Breach {
  readonly kind: string;
  /** Ids of the rows that it touches. */
  readonly touches: readonly string[];
  readonly observed: Readonly<Record<string, unknown>>;
  readonly action: string;
}

/** The breaches of invariants 2, 3 and 4 by a window's readings as they stand. */
export function readingBreaches(view: ExperimentView, key: HandWindow): readonly Breach[] {
  const { before, after } = rowsOfWindow(view, key);
  const readings = [before, after].filter((reading) => reading !== undefined);
  const trimmed = readings.filter(({ notes }) => notes.includes(MULTI_PANE_TRIMMED));
  return [
    ...trimmed.map(({ id, phase }): Breach => ({
      kind: MULTI_PANE_TRIMMED,
      touches: [id],
      observed: { phase },
      action: "Only the last pane of the capture was read.",
    })),
    ...(before === undefined || after === undefined ? [] : pairBreaches(before, after)),
  ];
}

function pairBreaches(before: SnapshotFact, after: SnapshotFact): readonly Breach[] {
  const late = recentResets([before.meters, after.meters], after.captured_at);
  return [
    ...late.map(({ meter, resetsAt }): Breach => ({
      kind: "late-after",
      touches: [after.id],
      observed: { meter, resets_at: resetsAt, captured_at: after.captured_at },
      action: "The after was kept on the operator's word; it may show the old period.",
    })),
    ...capacityDeltas(before.meters, after.meters).flatMap(({ name, flag }): readonly Breach[] =>
      flag === undefined || flag === "meter-missing"
        ? []
        : [
            {
              kind: flag,
              touches: [before.id, after.id],
              observed: {
                meter: name,
                before: shown(before.meters, name),
                after: shown(after.meters, name),
              },
              action: "The capacity that the window took of this meter is kept as unknown.",
            },
          ],
    ),
  ];
}

function shown(meters: readonly Meter[], name: string) {
  const meter = meters.find((one) => one.name === name);
  return meter === undefined ? null : { used: meter.used, resets_at: meter.resets_at ?? null };
}

/** Writes down what is not on record yet; the same breach of the same rows is recorded once. */
export async function recordBreaches(
  { ledger, agent, source }: Tracker,
  { window, provider }: HandWindow,
  breaches: readonly Breach[],
): Promise<void> {
  const rows = breaches.map((breach): NewRow => ({
    record: "anomaly_recorded",
    id: contentId(breach),
    source,
    agent_id: agent,
    experiment_id: MANUAL_EXPERIMENT,
    window,
    provider,
    ...breach,
  }));
  await ledger.write("anomalies", (view) => ({
    rows: rows.filter(({ id }) => id !== undefined && view.findRow(id) === undefined),
  }));
}
