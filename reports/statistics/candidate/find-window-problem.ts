import type { AnalysedWindow } from "./window.ts";

/**
 * The first impossible value among the windows, in words that name the window; null where all is
 * well. Analyses refuse such input as a whole.
 */
export function findWindowProblem(windows: readonly AnalysedWindow[]): string | null {
  for (const window of windows) {
    const problem = findProblem(window);
    if (problem !== null) return `${nameOf(window)}: ${problem}`;
  }
  return null;
}

/** How messages name a window. */
export function nameOf({ feature, replicate, provider }: AnalysedWindow): string {
  return `Feature "${feature}", replicate ${replicate}, provider "${provider}"`;
}

function findProblem(window: AnalysedWindow): string | null {
  const { cost, quality, period, latenciesMs } = window;
  if (!(Number.isInteger(period) && period >= 1)) return `expected a period from 1, got ${period}.`;
  if (!(cost > 0 && cost < Infinity)) return `expected a positive finite cost, got ${cost}.`;
  if (quality !== null && !(quality >= 0 && quality <= 1)) {
    return `expected a quality between 0 and 1, got ${quality}.`;
  }
  const wrong = latenciesMs?.find((latency) => !(latency >= 0 && latency < Infinity));
  if (wrong !== undefined) return `expected latencies of 0 ms or more, got ${wrong}.`;
  return findCountProblem(window);
}

function findCountProblem({ errors, requests }: AnalysedWindow): string | null {
  if (requests !== null && !isCount(requests)) {
    return `expected a count of requests, got ${requests}.`;
  }
  if (errors === null || (isCount(errors) && errors <= (requests ?? Infinity))) return null;
  return `expected at most as many errors as requests, got ${errors} of ${requests ?? "unknown"}.`;
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0;
}
