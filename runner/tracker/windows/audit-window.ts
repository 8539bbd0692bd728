import { SnapshotTaken } from "../../../ledger/domain/snapshot.ts";
import { tokensIn } from "../../../ledger/domain/token-basis.ts";
import type { Usage } from "../../../ledger/domain/usage.ts";
import type { CapacityDelta } from "../../../ledger/domain/window.ts";
import type { LedgerReader } from "../../../ledger/store/store.ts";
import type {
  AnomalyFact,
  ChurnFact,
  FinalizedFact,
  SnapshotFact,
} from "../../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import { openExperimentView } from "../../../ledger/views/open-view.ts";
import { attemptsOf } from "../../../ledger/views/progress.ts";
import { gatherEvidence } from "../../../reports/evidence/evidence.ts";
import type { ObservedWindow } from "../../../reports/evidence/observe-windows.ts";
import { runCommand } from "../../../reports/evidence/run-command.ts";
import {
  capacityOf,
  manualLacks,
  type WindowLack,
} from "../../../reports/evidence/window-lacks.ts";
import { sayLack } from "../../../reports/text/window-lack.ts";
import { type ManualWindow, type ManualWindowRows, nameOf, rowsOfWindow } from "./manual-window.ts";
import { anomaliesOf } from "./reading-anomalies.ts";
import { PROXY_SOURCE, referenceIn, type UsageBySource, usageOfWindow } from "./window-usage.ts";

type AuditedReading = Pick<
  SnapshotFact,
  "id" | "attempt" | "phase" | "captured_at" | "meters" | "notes" | "errors" | "operator_notes"
>;

/** The tokens of a window in all classes. */
export interface CountedTokens {
  /** Null if nobody counted any. */
  readonly count: number | null;
  /** The source that the window counts by; null if none has the window now. */
  readonly by: string | null;
}

/** What a window has, and what it lacks to count. */
export interface WindowAudit {
  /** For people. */
  readonly name: string;
  readonly experimentId: string;
  readonly window: string;
  readonly provider: string;
  /** The agent of a manual window; null for a window that `run` works. */
  readonly agent: string | null;
  /** Null if no row names an attempt. */
  readonly attempt: number | null;
  /** Readings of all audited attempts. A capture without a readable meter has no meters. */
  readonly readings: readonly AuditedReading[];
  readonly capacity: readonly CapacityDelta[];
  readonly tokens: CountedTokens;
  readonly final: FinalizedFact | undefined;
  readonly churn: ChurnFact | undefined;
  /** Recorded anomalies. One is past if the rows that it affects were undone or corrected. */
  readonly anomalies: readonly (AnomalyFact & { readonly isPast: boolean })[];
  /** What to do until the window counts; empty if it counts. */
  readonly missing: readonly string[];
}

/** Audits one attempt at a manual window. */
export function auditManual(
  view: ExperimentView,
  key: ManualWindow,
  used: UsageBySource,
): WindowAudit {
  const rows = rowsOfWindow(view, key);
  const { before, after, unreadable, final, churn } = rows;
  return {
    name: nameOf(key),
    experimentId: view.experimentId,
    ...key,
    readings: [before, after, ...unreadable].filter((reading) => reading !== undefined),
    capacity: capacityOf(rows),
    tokens: tokensOf(final?.usage ?? usageOfWindow(used, key), referenceIn(used, key)),
    final,
    churn,
    anomalies: anomaliesOf(view, key),
    missing: lacksOfManual(rows),
  };
}

function tokensOf(usage: Usage | undefined, by: string | null): CountedTokens {
  const count = usage === undefined ? 0 : tokensIn("all", usage);
  return { count: count === 0 && by === null ? null : count, by };
}

type ManualLack = ReturnType<typeof manualLacks>[number];

const AGAIN = "experiment complete again";

/** What to do about each lack of a manual window. */
const MENDS: Readonly<Record<ManualLack, string>> = {
  no_before: "experiment snapshot before",
  no_after: "experiment snapshot after",
  readings_changed: AGAIN,
  commit_start: `${AGAIN} with it`,
  commit_end: `${AGAIN} with it`,
  methodology: `${AGAIN} with it`,
  outcome: "such a window is missing",
  no_quality: `${AGAIN} with --quality`,
};

function sayManual(lack: ManualLack, final?: FinalizedFact): string {
  return `${sayLack(lack, final?.outcome ?? null)}: ${MENDS[lack]}`;
}

function lacksOfManual(rows: ManualWindowRows): readonly string[] {
  const { before, after, final } = rows;
  if (final !== undefined) return manualLacks(final, rows).map((lack) => sayManual(lack, final));
  return [
    ...(before === undefined ? [sayManual("no_before")] : []),
    ...(after === undefined ? [sayManual("no_after")] : []),
    "not completed: experiment complete",
  ];
}

/** Audits a window that `experiment run` works; none if the experiment has no such window. */
export function auditDriven(
  ledger: Pick<LedgerReader, "read">,
  experimentId: string,
  window: string,
): readonly WindowAudit[] {
  const view = openExperimentView(ledger, experimentId);
  const evidence = gatherEvidence(view);
  const { windows, affected } = evidence;
  const observed = windows.find(({ line }) => line.window === window);
  if (observed === undefined) return [];
  const { final, line } = observed;
  const readings = readingsOf(ledger, experimentId, window);
  return [
    {
      name: `${window} (${line.provider}) of experiment ${experimentId}`,
      experimentId,
      window,
      provider: line.provider,
      agent: null,
      attempt: final?.attempt ?? readings.at(-1)?.attempt ?? null,
      readings,
      capacity: final?.capacity ?? [],
      tokens: tokensOf(final?.usage, final === undefined ? null : PROXY_SOURCE),
      final,
      churn: undefined,
      anomalies: affected.anomalies
        .filter(({ number }) => line.touched_by.includes(number))
        .map(({ id }) => view.anomalies.get(id))
        .flatMap((anomaly) => (anomaly === undefined ? [] : [{ ...anomaly, isPast: false }])),
      missing: line.state === "valid" ? [] : lacksOfDriven(observed, runCommand(evidence)),
    },
  ];
}

function readingsOf(
  ledger: Pick<LedgerReader, "read">,
  experimentId: string,
  window: string,
): readonly AuditedReading[] {
  const readings: AuditedReading[] = [];
  for (const row of ledger.read("snapshots")) {
    if (row["experiment_id"] !== experimentId || row["window"] !== window) continue;
    const taken = SnapshotTaken.safeParse(row);
    if (!taken.success) continue;
    const { captured_at = row.recorded_at } = taken.data;
    readings.push({ ...taken.data, captured_at, id: row.id });
  }
  return readings;
}

function lacksOfDriven(
  { final, view, line, missing }: ObservedWindow,
  run: string,
): readonly string[] {
  if (final === undefined) return [`${sayNotEnded(attemptsOf(view))}: ${run} --resume`];
  return line.lacks.map((lack) => {
    // A plan without a cost says why.
    const why = lack === "no_cost" && missing !== lack ? missing : null;
    return `${why ?? sayLack(lack, final.outcome)}: ${MEANINGS[lack] ?? COUNTS_AS_MISSING}`;
  });
}

const COUNTS_AS_MISSING = "the window counts as missing";
const INCOMPLETE = "the window is incomplete and counts in no decision";

const MEANINGS: Readonly<Partial<Record<WindowLack, string>>> = {
  commit_start: INCOMPLETE,
  commit_end: INCOMPLETE,
  methodology: INCOMPLETE,
  no_quality: "nothing was graded",
};

function sayNotEnded(attempts: ReturnType<typeof attemptsOf>): string {
  const last = attempts.at(-1);
  if (last === undefined) return "not run";
  const ended = last.interrupted.at(-1);
  return ended === undefined
    ? `attempt ${last.attempt} has no end`
    : `attempt ${last.attempt} ended as ${ended.outcome} and is tried again`;
}
