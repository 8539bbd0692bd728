import type { LedgerFile } from "../../ledger/domain/ledger-file.ts";
import { hasEnded } from "../../ledger/domain/request-fate.ts";
import { tokensIn } from "../../ledger/domain/token-basis.ts";
import { finalAttempt } from "../../ledger/views/progress.ts";
import { typeSevenQuantile } from "../statistics/quantile.ts";
import type { Evidence } from "./evidence.ts";
import type { ExplainedFigure } from "./explained-figures.ts";
import type { ObservedWindow } from "./observe-windows.ts";

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
  switch (figure) {
    case "windows":
      return evidence.windows.flatMap((window) =>
        rowOf(window, window.missing ?? window.final?.outcome ?? ""),
      );
    case "errors":
      return evidence.windows.flatMap(failedRequests);
    case "p95":
      return slowestRequests(evidence);
    case "anomalies":
      return [...evidence.view.anomalies.values()].map((anomaly) => ({
        window: anomaly.window ?? null,
        provider: anomaly.provider ?? null,
        value: `${anomaly.name}: ${anomaly.touches.join(", ")}`,
        file: "anomalies",
        id: anomaly.id,
      }));
    case "cost":
    case "quality":
    case "tokens":
    case "churn":
      return evidence.windows.flatMap((window) => valueOf(window, figure));
  }
}

function valueOf(
  window: ObservedWindow,
  figure: "cost" | "quality" | "tokens" | "churn",
): readonly FigureRow[] {
  const { line, final } = window;
  if (line.state !== "valid" || final === undefined) return [];
  const { churn, usage } = final;
  const values = {
    cost: line.cost,
    quality: line.quality,
    tokens: tokensIn("all", usage),
    churn: churn === null ? null : `+${String(churn.insertions)} -${String(churn.deletions)}`,
  };
  return rowOf(window, String(values[figure] ?? "unknown"));
}

function rowOf({ line, final }: ObservedWindow, value: string): readonly FigureRow[] {
  if (final === undefined) return [];
  return [{ window: line.window, provider: line.provider, value, file: "windows", id: final.id }];
}

function modelRequests(window: ObservedWindow) {
  if (window.line.state !== "valid") return [];
  return finalAttempt(window)?.requests.filter(({ is_model: isModel }) => isModel) ?? [];
}

function failedRequests(window: ObservedWindow): readonly FigureRow[] {
  return modelRequests(window)
    .filter(({ fate }) => fate === "failed")
    .map(({ id, provider, status }) => ({
      window: window.line.window,
      provider,
      value: `status ${String(status ?? "unknown")}`,
      file: "proxy_telemetry",
      id,
    }));
}

function slowestRequests({ windows, asked }: Evidence): readonly FigureRow[] {
  return asked.providers.flatMap(({ provider }) => {
    const own = windows.filter(({ line }) => line.provider === provider);
    const timed = own.flatMap((window) =>
      modelRequests(window).flatMap(({ id, fate, latency_ms: latency }) =>
        hasEnded(fate) && latency !== null ? [{ id, latency, window: window.line.window }] : [],
      ),
    );
    const limit =
      typeSevenQuantile(
        timed.map(({ latency }) => latency),
        0.95,
      ) ?? Infinity;
    return timed
      .filter(({ latency }) => latency >= limit)
      .toSorted((one, other) => other.latency - one.latency)
      .map(({ id, latency, window }) => ({
        window,
        provider,
        value: String(Math.round(latency)),
        file: "proxy_telemetry",
        id,
      }));
  });
}
