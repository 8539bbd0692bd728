import type { Environment } from "../../environment.ts";
import { auditWindow, handWindows, type WindowAudit } from "../../tracker/audit-window.ts";
import { nameOf } from "../../tracker/hand-window.ts";
import { TrackerUsageError } from "../../tracker/tracker-errors.ts";
import { EXIT, type Result } from "../result.ts";
import { sayDelta, sayMeter } from "../show-reading.ts";
import { checkWindow } from "../window-options.ts";
import { type AgentOptions, withExistingTracker } from "../with-tracker.ts";

export interface AuditOptions extends AgentOptions {
  readonly window: string;
  readonly json?: boolean;
}

/** Says what a window worked by hand has and what it lacks to count. */
export async function audit(options: AuditOptions, environment: Environment): Promise<Result> {
  const window = checkWindow(options.window);
  return await withExistingTracker(options, environment, async ({ ledger: { view } }) => {
    const audits = handWindows(view, window).map((key) => auditWindow(view, key));
    if (audits.length === 0) {
      throw new TrackerUsageError(
        `${window}: expected a window worked by hand, got one that no row names. Take its first reading: experiment snapshot before … --window ${window}`,
      );
    }
    const output =
      options.json === true
        ? JSON.stringify(audits.map(toJson), null, 2)
        : audits.map(sayAudit).join("\n\n");
    const counts = audits.every(({ missing }) => missing.length === 0);
    return Promise.resolve({ exitCode: counts ? EXIT.done : EXIT.failed, output });
  });
}

function sayAudit({ key, rows, capacity, anomalies, missing }: WindowAudit): string {
  const { before, after, final, churn, unreadable } = rows;
  const readings = [before, after].flatMap((reading) =>
    reading === undefined
      ? []
      : [
          `  ${reading.phase.padEnd(6)} ${reading.captured_at}, row ${reading.id}`,
          ...reading.meters.map((meter) => `    ${sayMeter(meter)}`),
          ...reading.errors.map((error) => `    error: ${error}`),
        ],
  );
  const counts = missing.length === 0 ? "it counts" : "it does not count yet";
  return [
    `${nameOf(key)}: ${counts}.`,
    ...readings,
    ...unreadable.map(({ phase, id }) => `  unreadable ${phase}, row ${id}`),
    ...capacity.map((delta) => `  capacity ${sayDelta(delta)}`),
    ...(final === undefined ? [] : [`  completed: ${final.outcome}, row ${final.id}`]),
    ...(churn === undefined ? [] : [`  churn: row ${churn.id}`]),
    ...anomalies.map(({ name, action }) => `  anomaly ${name}: ${action}`),
    ...missing.map((lack) => `  missing: ${lack}`),
  ].join("\n");
}

function toJson({ key, rows, capacity, anomalies, missing }: WindowAudit) {
  const { before, after, final, churn } = rows;
  return {
    ...key,
    counts: missing.length === 0,
    missing,
    before: before?.id ?? null,
    after: after?.id ?? null,
    final: final?.id ?? null,
    churn: churn?.id ?? null,
    capacity,
    anomalies: anomalies.map(({ name, touches }) => ({ kind: name, touches })),
  };
}
