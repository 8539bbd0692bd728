import { MANUAL_EXPERIMENT } from "../../../ledger/domain/experiment.ts";
import type { LedgerReader } from "../../../ledger/store/store.ts";
import { listExperiments } from "../../../ledger/views/list-experiments.ts";
import type { Environment } from "../../environment.ts";
import { auditWindow, handWindows, type WindowAudit } from "../../tracker/audit-window.ts";
import { nameOf } from "../../tracker/hand-window.ts";
import { TrackerUsageError } from "../../tracker/tracker-errors.ts";
import type { Tracker } from "../../tracker/tracker.ts";
import { auditDriven, type DrivenAudit } from "../audit-driven.ts";
import { chooseExperiment } from "../open-ledger.ts";
import { EXIT, type Result } from "../result.ts";
import { sayDrivenAudit, toDrivenJson } from "../show-driven-audit.ts";
import { sayDelta, sayMeter } from "../show-reading.ts";
import { checkWindow } from "../window-options.ts";
import { type AgentOptions, withExistingTracker } from "../with-tracker.ts";

export interface AuditOptions extends AgentOptions {
  readonly window: string;
  readonly experiment?: string;
  readonly json?: boolean;
}

/** Says what a window has and what it lacks to count, worked by hand or driven by `experiment run`. */
export async function audit(options: AuditOptions, environment: Environment): Promise<Result> {
  checkWindow(options.window);
  return await withExistingTracker(options, environment, async (tracker, ledger) => {
    const byHand = auditByHand(tracker, options);
    const driven = auditLastRun(ledger, options);
    const all = [...byHand, ...driven];
    if (all.length === 0) {
      throw new TrackerUsageError(
        `${options.window}: expected a window worked by hand or one of the last experiment, got one that no row names. Take its first reading: experiment snapshot before … --window ${options.window}, or name the experiment with --experiment.`,
      );
    }
    const output =
      options.json === true
        ? JSON.stringify([...byHand.map(toJson), ...driven.map(toDrivenJson)], null, 2)
        : [...byHand.map(sayAudit), ...driven.map(sayDrivenAudit)].join("\n\n");
    const counts = all.every(({ missing }) => missing.length === 0);
    return Promise.resolve({ exitCode: counts ? EXIT.done : EXIT.failed, output });
  });
}

function auditByHand(
  { ledger: { view } }: Tracker,
  { window, experiment = MANUAL_EXPERIMENT }: AuditOptions,
): readonly WindowAudit[] {
  if (experiment !== MANUAL_EXPERIMENT) return [];
  return handWindows(view, window).map((key) => auditWindow(view, key));
}

/** Of the experiment that is named, else of the one that was registered last. */
function auditLastRun(ledger: LedgerReader, options: AuditOptions): readonly DrivenAudit[] {
  const { window, experiment } = options;
  if (experiment === MANUAL_EXPERIMENT) return [];
  const experimentId =
    experiment === undefined
      ? listExperiments(ledger.read("experiments")).at(-1)?.experimentId
      : chooseExperiment(ledger, options);
  if (experimentId === undefined) return [];
  const found = auditDriven(ledger, experimentId, window);
  return found === undefined ? [] : [found];
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
    ...anomalies.map(({ name, action, is_past: isPast }) =>
      isPast
        ? `  anomaly ${name}, of a row that was corrected or undone since`
        : `  anomaly ${name}: ${action}`,
    ),
    ...missing.map((lack) => `  missing: ${lack}`),
  ].join("\n");
}

function toJson({ key, rows, capacity, anomalies, missing }: WindowAudit) {
  const { before, after, final, churn } = rows;
  return {
    experiment_id: MANUAL_EXPERIMENT,
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
