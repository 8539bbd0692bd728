import { designOf, MANUAL_EXPERIMENT } from "../../../../ledger/domain/design.ts";
import { tokensIn } from "../../../../ledger/domain/token-basis.ts";
import { sumUsage } from "../../../../ledger/domain/usage.ts";
import { formatCount } from "../../../../reports/text/number-text.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import { registeredExperiment } from "../../../experiment/session/recorded-experiment.ts";
import {
  auditDriven,
  auditManual,
  type WindowAudit,
} from "../../../tracker/windows/audit-window.ts";
import { idOf, manualWindows, nameOf } from "../../../tracker/windows/manual-window.ts";
import { outdatedIn } from "../../../tracker/windows/outdated-completions.ts";
import { withPresentDivergences } from "../../../tracker/windows/present-divergences.ts";
import {
  checkWindowOptions,
  readWindowName,
  unknownWindow,
} from "../../../tracker/windows/window-options.ts";
import {
  type UsageBySource,
  usageBySource,
  type WindowSources,
} from "../../../tracker/windows/window-usage.ts";
import { readTracker } from "../../../tracker/windows/with-tracker.ts";
import type { CodeOf } from "../../definition.ts";
import { sayOutdated } from "../../ledger/say-outdated.ts";
import { sayDelta, sayMeter, sayTokens } from "../../manual/show-reading.ts";
import { doneIf, doneWith } from "../../result.ts";
import type { audit as definition } from "./definition.ts";

/** Says what a window has and what it lacks to count: a manual one, or one that `run` works. */
export const audit: CodeOf<typeof definition> = async (options, environment) => {
  checkWindowOptions(options);
  const { experiment = MANUAL_EXPERIMENT } = options;
  return await readTracker(options, environment, (tracker, ledger) => {
    const window = readWindowName(options, tracker);
    const { isDriven } = designOf(experiment);
    const usage: UsageBySource = isDriven ? new Map() : usageBySource(ledger);
    const view = withPresentDivergences(tracker.ledger.view, usage);
    const used = [...usage.values()].filter(({ key }) => key.window === window);
    const known = isDriven ? [] : manualWindows(view, window);
    const keys = new Map([...known, ...used.map(({ key }) => key)].map((key) => [idOf(key), key]));
    const experimentId = registeredExperiment(ledger, options);
    const driven = experimentId === undefined ? [] : auditDriven(ledger, experimentId, window);
    const all = [...keys.values().map((key) => auditManual(view, key, usage)), ...driven];
    if (all.length === 0) throw unknownWindow(window);
    const outdated = isDriven
      ? []
      : outdatedIn(usage, view).filter(({ key }) => keys.has(idOf(key)));
    const say = () =>
      [...all.map(sayAudit), ...used.map(saySources), ...outdated.map(sayOutdated)].join("\n\n");
    const isWhole = all.every(({ missing }) => missing.length === 0);
    return doneIf(isWhole, doneWith(options, all.map(toJson), say));
  });
};

function sayAudit(audited: WindowAudit): string {
  const { name, readings, capacity, final, churn, anomalies, missing } = audited;
  return [
    `${toPlainLine(name)}: ${missing.length === 0 ? "it counts" : "it does not count"}.`,
    ...readings.flatMap(sayReading),
    ...capacity.map((delta) => `  capacity ${sayDelta(delta)}`),
    `  tokens: ${sayTokens(audited.tokens)}`,
    ...(final === undefined ? [] : [`  completed: ${final.outcome}, row ${final.id}`]),
    ...sayTelemetry(final),
    ...sayRemark(final?.operator_notes),
    ...(churn === undefined ? [] : [`  churn: row ${churn.id}`]),
    ...anomalies.map(({ name: kind, action, isPast }) =>
      isPast
        ? `  anomaly ${toPlainLine(kind)}, of a row that was corrected or undone since`
        : `  anomaly ${toPlainLine(kind)}: ${action}`,
    ),
    ...missing.map((lack) => `  missing: ${lack}`),
  ].join("\n");
}

/** What logs and other programs say about a manual window, and the rows that say so. */
function saySources({ key, sources }: WindowSources): string {
  return [
    `${toPlainLine(nameOf(key))}: its use`,
    ...sources.map(({ source, lanes, rows }) => {
      const tokens = formatCount(tokensIn("all", sumUsage([...lanes.values()])));
      const ids = rows.length === 0 ? "" : `, ${rows.map((id) => `row ${id}`).join(", ")}`;
      return `  ${source}: ${tokens} tokens${ids}`;
    }),
  ].join("\n");
}

/** OpenTelemetry compared with the proxy's count. */
function sayTelemetry(final: WindowAudit["final"]): readonly string[] {
  const sent = final?.telemetry_usage;
  if (final === undefined || sent === undefined) return [];
  if (sent === null) return ["  otlp: nothing came, which does not fail the window"];
  const [counted, other] = [final.usage, sent].map((usage) => formatCount(tokensIn("all", usage)));
  return [`  otlp: ${String(other)} tokens; the proxy counted ${String(counted)}`];
}

function sayReading(reading: WindowAudit["readings"][number]): readonly string[] {
  const { id, attempt, phase, captured_at: at, meters, notes, errors, operator_notes } = reading;
  const mark = meters.length === 0 ? ", unreadable" : "";
  return [
    `  attempt ${String(attempt)} ${phase.padEnd(6)} ${at}, row ${id}${mark}`,
    ...meters.map((meter) => `    ${sayMeter(meter)}`),
    ...notes.map((note) => `    note: ${toPlainLine(note)}`),
    ...sayRemark(operator_notes),
    ...errors.map((error) => `    error: ${toPlainLine(error)}`),
  ];
}

function sayRemark(remark: string | undefined): readonly string[] {
  return remark === undefined ? [] : [`    operator: ${toPlainLine(remark)}`];
}

function toJson(audited: WindowAudit) {
  const { experimentId, window, provider, attempt, missing, final, churn } = audited;
  const rowOf = (wanted: "before" | "after") =>
    audited.readings.findLast(
      (one) => one.phase === wanted && one.attempt === attempt && one.meters.length > 0,
    )?.id;
  return {
    experiment_id: experimentId,
    window,
    attempt,
    provider,
    counts: missing.length === 0,
    missing,
    before: rowOf("before") ?? null,
    after: rowOf("after") ?? null,
    final: final?.id ?? null,
    ...(designOf(experimentId).isDriven ? {} : { churn: churn?.id ?? null }),
    capacity: audited.capacity,
    tokens: audited.tokens.count,
    tokens_by: audited.tokens.by,
    anomalies: audited.anomalies.map(({ name: kind, touches }) => ({ kind, touches })),
  };
}
