import { toPlainLine } from "../../reports/format/plain-text.ts";
import type { DrivenAudit } from "./audit-driven.ts";
import { sayDelta, sayMeter } from "./show-reading.ts";

/** What a driven window has and lacks, as text. */
export function sayDrivenAudit(audit: DrivenAudit): string {
  const { window, provider, experimentId, final, missing } = audit;
  const counts = missing.length === 0 ? "it counts" : "it does not count";
  return [
    `${window} (${toPlainLine(provider)}) of experiment ${experimentId}: ${counts}.`,
    ...audit.readings.flatMap(({ id, taken, at }) => [
      `  attempt ${taken.attempt} ${taken.phase.padEnd(6)} ${at}, row ${id}`,
      ...taken.meters.map((meter) => `    ${sayMeter(meter)}`),
      ...taken.notes.map((note) => `    note: ${toPlainLine(note)}`),
    ]),
    ...audit.capacity.map((delta) => `  capacity ${sayDelta(delta)}`),
    ...(final === undefined ? [] : [`  completed: ${final.outcome}, row ${final.id}`]),
    ...audit.anomalies.map(({ name, action }) => `  anomaly ${toPlainLine(name)}: ${action}`),
    ...missing.map((lack) => `  missing: ${lack}`),
  ].join("\n");
}

/** The same for a script, with the fields that a window worked by hand has. */
export function toDrivenJson(audit: DrivenAudit) {
  const { experimentId, window, provider, readings, capacity, final, anomalies, missing } = audit;
  const attempt = final?.attempt ?? readings.at(-1)?.taken.attempt ?? null;
  const idOf = (phase: "before" | "after") =>
    readings.findLast(({ taken }) => taken.phase === phase && taken.attempt === attempt)?.id;
  return {
    experiment_id: experimentId,
    window,
    attempt,
    provider,
    counts: missing.length === 0,
    missing,
    before: idOf("before") ?? null,
    after: idOf("after") ?? null,
    final: final?.id ?? null,
    capacity,
    anomalies: anomalies.map(({ name, touches }) => ({ kind: name, touches })),
  };
}
