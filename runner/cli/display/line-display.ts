import { toPlainLine } from "../../../reports/text/plain-text.ts";
import { type SessionBoard, tokensOf } from "../../experiment/session/session-board.ts";
import type { SessionObserver, WindowEnd } from "../../experiment/session/session-parts.ts";
import type { PlannedWindow } from "../../plan/assignment/plan.ts";

const TOKENS_PER_THOUSAND = 1000;

/** Writes one plain line for each event: for logs, pipes and CI. */
export function lineDisplay(
  write: (line: string) => void,
  read: () => SessionBoard,
): SessionObserver {
  return {
    windowStarted: (planned, attempt) => write(describeStart(planned, attempt)),
    phaseBegan: ({ window, provider }, phase) => write(`${window} ${phase}: ${provider}`),
    settled: () => undefined,
    windowEnded: (planned, result) => {
      for (const line of describeEnd(planned, result, read())) write(line);
    },
    noted: write,
  };
}

function describeStart(
  { window, provider, command, period }: PlannedWindow,
  attempt: number,
): string {
  const again = attempt === 1 ? "" : `, attempt ${String(attempt)}`;
  return `${window} started: ${provider}, ${command}, period ${String(period)}${again}`;
}

/** A window's end in a line, with what is left to do, and a line for each anomaly. */
export function describeEnd(
  { window, provider }: PlannedWindow,
  { outcome, quality, usage, reason, anomalies }: WindowEnd,
  { final, windowsInAll }: SessionBoard,
): readonly string[] {
  const figures = [
    outcome,
    ...(quality === null ? [] : [`quality ${quality.toFixed(2)}`]),
    `${(tokensOf(usage) / TOKENS_PER_THOUSAND).toFixed(1)}K tokens uncached`,
  ];
  const why = reason === null ? "" : ` (${toPlainLine(reason)})`;
  return [
    `${window} ended: ${provider}, ${figures.join(", ")}${why}; ${String(final)} of ${String(windowsInAll)} final`,
    ...anomalies.map(({ kind, action }) => toPlainLine(`${window} anomaly: ${kind}. ${action}`)),
  ];
}
