import type { LedgerFile } from "../../ledger/domain/ledger-file.ts";
import { hasEnded } from "../../ledger/domain/request-fate.ts";
import { tokensIn } from "../../ledger/domain/token-basis.ts";
import type { CapacityDelta } from "../../ledger/domain/window.ts";
import {
  type AnomalyFact,
  type FinalizedFact,
  latestOf,
} from "../../ledger/views/experiment-fact.ts";
import { attemptsOf, finalAttempt } from "../../ledger/views/progress.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { looksAt } from "../evidence/looks-at.ts";
import type { ObservedWindow } from "../evidence/observe-windows.ts";
import { typeSevenQuantile } from "../statistics/core/quantile.ts";
import type { ExplainedFigure } from "./explained-figures.ts";

/** One row of the ledger that enters a figure. */
export interface FigureRow {
  readonly window: string | null;
  readonly provider: string | null;
  /** The row's part in the figure, as text. */
  readonly value: string;
  readonly file: LedgerFile;
  readonly id: string;
}

/** The rows that a figure is made from, in the order of the schedule. */
export function explainFigure(evidence: Evidence, figure: ExplainedFigure): readonly FigureRow[] {
  return ROWS[figure](evidence);
}

type RowsOf = (evidence: Evidence) => readonly FigureRow[];

const ROWS: Readonly<Record<ExplainedFigure, RowsOf>> = {
  windows: ({ windows }) =>
    windows.flatMap((window) => rowOf(window, window.missing ?? window.final?.outcome ?? "")),
  cost: valuesOf("cost"),
  quality: valuesOf("quality"),
  tokens: valuesOf("tokens"),
  churn: valuesOf("churn"),
  capacity: (evidence) => evidence.windows.flatMap((window) => capacityRow(window, evidence)),
  efficiency: valuesOf("efficiency"),
  dollars: ({ windows }) => windows.flatMap(dollarRow),
  routed: routedRequests,
  errors: ({ windows }) => windows.flatMap(failedRequests),
  p50: (evidence) => timedRequests(evidence, middleOf),
  p95: (evidence) => timedRequests(evidence, slowestOf),
  budgets: debitRows,
  power: lookRows,
  anomalies: (evidence) =>
    [...evidence.view.anomalies.values()].flatMap((one) => anomalyRows(one, evidence)),
};

function valuesOf(figure: WindowFigure): RowsOf {
  return (evidence) => evidence.windows.flatMap((window) => valueOf(evidence, window, figure));
}

type WindowFigure = "cost" | "quality" | "tokens" | "churn" | "efficiency";

function valueOf(
  { asked, design }: Evidence,
  window: ObservedWindow,
  figure: WindowFigure,
): readonly FigureRow[] {
  const { line, final } = window;
  if (line.state !== "valid" || final === undefined) return [];
  const { churn, usage, capacity } = final;
  const took = design.isDriven
    ? `${tokensIn(asked.token_basis, usage)} tokens`
    : sayCapacity(capacity);
  const values = {
    cost: line.cost,
    quality: line.quality,
    tokens: tokensIn("all", usage),
    churn: churn === null ? null : `+${String(churn.insertions)} -${String(churn.deletions)}`,
    efficiency: `${line.quality?.toFixed(QUALITY_DECIMALS) ?? "unknown"} for ${took}`,
  };
  return rowOf(window, String(values[figure] ?? "unknown"));
}

const QUALITY_DECIMALS = 3;

/** A run's windows all have a capacity; that of a manual window counts only with the window. */
function capacityRow(window: ObservedWindow, { design }: Evidence): readonly FigureRow[] {
  const capacity = window.final?.capacity ?? [];
  if (capacity.length === 0 || (!design.isDriven && window.line.state !== "valid")) return [];
  return rowOf(window, sayCapacity(capacity));
}

function sayCapacity(capacity: readonly CapacityDelta[]): string {
  return capacity
    .map(({ name, delta, unit, flag }) =>
      delta === null ? `${name} unknown (${flag ?? "no reason"})` : `${name} +${delta} ${unit}`,
    )
    .join(", ");
}

function dollarRow(window: ObservedWindow): readonly FigureRow[] {
  const dollars = window.final?.dollars;
  return dollars === undefined ? [] : rowOf(window, sayDollars(dollars));
}

function sayDollars({ amount, known, plan }: NonNullable<FinalizedFact["dollars"]>): string {
  const listed = amount ?? `unknown, at least ${known}`;
  return plan === undefined ? String(listed) : `plan ${plan.amount ?? "unknown"}; list ${listed}`;
}

function rowOf({ line, final }: ObservedWindow, value: string): readonly FigureRow[] {
  if (final === undefined) return [];
  return [{ window: line.window, provider: line.provider, value, file: "windows", id: final.id }];
}

/** The row of an anomaly. A divergence that is not recorded yet has only the rows that differ. */
function anomalyRows(anomaly: AnomalyFact, { view }: Evidence): readonly FigureRow[] {
  const { id, name, touches, window = null, provider = null, divergence = null } = anomaly;
  const row = { window, provider, value: `${name}: ${touches.join(", ")}` };
  if (divergence === null || view.findRow(id) !== undefined) {
    return [{ ...row, file: "anomalies", id }];
  }
  return touches.map((touched) => ({ ...row, file: "usage", id: touched }));
}

function modelRequests(window: ObservedWindow) {
  if (window.line.state !== "valid") return [];
  return finalAttempt(window)?.requests.filter(({ is_model: isModel }) => isModel) ?? [];
}

function failedRequests(window: ObservedWindow): readonly FigureRow[] {
  return modelRequests(window)
    .filter(({ fate }) => fate === "failed")
    .map(({ id, provider, status, count }) => ({
      window: window.line.window,
      provider,
      value: `status ${String(status ?? "unknown")}${count === 1 ? "" : ` (${String(count)} requests)`}`,
      file: "proxy_telemetry",
      id,
    }));
}

/** Every prompt that was sent, also those of earlier attempts. */
function routedRequests({ view }: Evidence): readonly FigureRow[] {
  return [...view.windows.values()]
    .flatMap(attemptsOf)
    .flatMap(({ requests }) =>
      requests.flatMap(({ id, window, provider, is_model: isModel, fate, backend }): FigureRow[] =>
        isModel && fate !== "refused" && backend !== null
          ? [{ window, provider, value: backend, file: "proxy_telemetry", id }]
          : [],
      ),
    );
}

function debitRows({ view }: Evidence): readonly FigureRow[] {
  return [...view.windows.values()].flatMap(attemptsOf).flatMap(({ debits }) =>
    debits.map(({ id, window, provider, command, delta }) => ({
      window,
      provider,
      value: `${command} ${delta}`,
      file: "budgets",
      id,
    })),
  );
}

const POWER_DIGITS = 4;

function lookRows({ view, asked }: Evidence): readonly FigureRow[] {
  return asked.candidates.flatMap((candidate): readonly FigureRow[] => {
    const last = latestOf(looksAt(view, candidate));
    if (last === undefined) return [];
    const { power, n_pairs: pairs } = last.look;
    const value = `${power?.toPrecision(POWER_DIGITS) ?? "unknown"} after ${pairs} pairs`;
    return [{ window: null, provider: candidate, value, file: "looks", id: last.id }];
  });
}

interface TimedRequest {
  readonly id: string;
  readonly latency: number;
  readonly window: string | null;
}

/** Some of each provider's requests that ended, chosen from all of them in the order of their latency. */
function timedRequests(
  { windows, asked }: Evidence,
  choose: (timed: readonly TimedRequest[]) => readonly TimedRequest[],
): readonly FigureRow[] {
  return asked.providers.flatMap(({ provider }) => {
    const own = windows.filter(({ line }) => line.provider === provider);
    const timed = own.flatMap((window) =>
      modelRequests(window).flatMap(({ id, fate, latency_ms: latency }) =>
        hasEnded(fate) && latency !== null ? [{ id, latency, window: window.line.window }] : [],
      ),
    );
    return choose(timed.toSorted((one, other) => other.latency - one.latency)).map(
      ({ id, latency, window }) => ({
        window,
        provider,
        value: String(Math.round(latency)),
        file: "proxy_telemetry",
        id,
      }),
    );
  });
}

function slowestOf(timed: readonly TimedRequest[]): readonly TimedRequest[] {
  const latencies = timed.map(({ latency }) => latency);
  const limit = typeSevenQuantile(latencies, 0.95) ?? Infinity;
  return timed.filter(({ latency }) => latency >= limit);
}

/** The one in the middle, or the two next to it. */
function middleOf(timed: readonly TimedRequest[]): readonly TimedRequest[] {
  return timed.slice(Math.ceil(timed.length / 2) - 1, Math.floor(timed.length / 2) + 1);
}
