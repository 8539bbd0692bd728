import { countRequests, latenciesOf, type RequestCounts } from "../domain/request-fate.ts";
import type { TokenBasis } from "../domain/token-basis.ts";
import { sumUsage, type Usage } from "../domain/usage.ts";
import { latestOf, type FinalizedFact, type OpenedFact } from "./experiment-fact.ts";
import type { ExperimentView } from "./experiment-view.ts";
import type { AttemptView, WindowView } from "./window-view.ts";

/** The row that ended a window for good, if there is one. */
export function finalOf(view: ExperimentView, window: string): FinalizedFact | undefined {
  return finalOfWindow(view.windows.get(window));
}

/** {@link finalOf} for a window that was found already. */
export function finalOfWindow(window: WindowView | undefined): FinalizedFact | undefined {
  return countedAttemptsOf(window).final;
}

/** Every window's last finalized row, by window id. */
export function finalizedWindows(view: ExperimentView): readonly FinalizedFact[] {
  return windowsById(view).flatMap(([, window]) => finalOfWindow(window) ?? []);
}

const byId = new WeakMap<ExperimentView["windows"], readonly (readonly [string, WindowView])[]>();

/** All windows in the order of their ids. Windows come, but never go. */
export function windowsById({
  windows,
}: ExperimentView): readonly (readonly [string, WindowView])[] {
  const before = byId.get(windows);
  if (before?.length === windows.size) return before;
  const sorted = [...windows].toSorted(([left], [right]) => (left < right ? -1 : 1));
  byId.set(windows, sorted);
  return sorted;
}

/** Attempts of a window that have a row, by number: the same list while none of their rows changes. */
export function attemptsOf(window: WindowView | undefined): readonly AttemptView[] {
  return countedAttemptsOf(window).attempts;
}

interface CountedAttempts {
  readonly attempts: readonly AttemptView[];
  readonly final: FinalizedFact | undefined;
}

const NO_ATTEMPTS: CountedAttempts = { attempts: [], final: undefined };
const counted = new WeakMap<WindowView, CountedAttempts & { readonly revision: number }>();

/** Sorted once for each change, because every look goes over all windows. */
function countedAttemptsOf(window: WindowView | undefined): CountedAttempts {
  if (window === undefined) return NO_ATTEMPTS;
  let revision = 0;
  for (const attempt of window.attempts.values()) revision += attempt.revision + 1;
  const before = counted.get(window);
  if (before?.revision === revision) return before;
  const attempts = [...window.attempts.values()]
    .filter((attempt) => attempt.hasRows)
    .toSorted((left, right) => left.attempt - right.attempt);
  const final = latestOf(attempts.flatMap(({ finalized }) => finalized));
  const now = { attempts, final, revision };
  counted.set(window, now);
  return now;
}

/** The number that the window's next attempt gets, from 1. */
export function nextAttempt(view: ExperimentView, window: string): number {
  return (attemptsOf(view.windows.get(window)).at(-1)?.attempt ?? 0) + 1;
}

/**
 * Number and usage of a window's attempts before the given one, as `earlier_attempts` records them.
 */
export function earlierAttempts(
  view: ExperimentView,
  { window, attempt }: { readonly window: string; readonly attempt: number },
): { readonly attempts: number; readonly usage: Usage } {
  const earlier = attemptsOf(view.windows.get(window)).filter((one) => one.attempt < attempt);
  return { attempts: earlier.length, usage: sumUsage(earlier.map(attemptUsage)) };
}

/** How many of a window's attempts before the given one count among those after which it is missing. */
export function countedAttempts(
  view: ExperimentView,
  { window, attempt }: { readonly window: string; readonly attempt: number },
): number {
  const earlier = attemptsOf(view.windows.get(window)).filter((one) => one.attempt < attempt);
  return earlier.filter(({ interrupted }) => latestOf(interrupted)?.is_counted !== false).length;
}

/** Tokens of every attempt so far, even of those that did not end. */
export function tokensSpent(view: ExperimentView, basis: TokenBasis): number {
  let tokens = 0;
  for (const spend of view.spent.values()) tokens += spend[basis];
  return tokens;
}

/** Tokens of every attempt of one provider so far: its proxy meter. */
export function providerTokens(view: ExperimentView, provider: string, basis: TokenBasis): number {
  return view.spent.get(provider)?.[basis] ?? 0;
}

/** An attempt that was opened and has no end: the harness died while it ran. */
export interface UnfinishedAttempt {
  readonly opened: OpenedFact;
  /** What its requests had taken, as far as the ledger knows. */
  readonly usage: Usage;
}

/** Attempts without an end, in the order in which they were opened. */
export function unfinishedAttempts(view: ExperimentView): readonly UnfinishedAttempt[] {
  const unfinished: UnfinishedAttempt[] = [];
  for (const window of view.windows.values()) {
    for (const attempt of window.attempts.values()) {
      const opened = latestOf(attempt.opened);
      if (opened === undefined || hasEnded(attempt)) continue;
      unfinished.push({ opened, usage: attemptUsage(attempt) });
    }
  }
  return unfinished.toSorted((left, right) => left.opened.seq - right.opened.seq);
}

/** Tokens by class of one attempt: from its end if it has one, else the sum of its requests. */
function attemptUsage(attempt: AttemptView): Usage {
  const end = latestOf(attempt.finalized) ?? latestOf(attempt.interrupted);
  if (end !== undefined) return end.usage;
  return sumUsage(attempt.requests.map(({ usage }) => usage).filter((usage) => usage !== null));
}

function hasEnded({ interrupted, finalized }: AttemptView): boolean {
  return interrupted.length > 0 || finalized.length > 0;
}

/** A window and the row that ended it, if one did. */
interface EndedWindow {
  readonly view: WindowView | undefined;
  readonly final: FinalizedFact | undefined;
}

/** What became of requests that asked a model to work. */
interface ModelTraffic {
  readonly counts: RequestCounts;
  readonly latenciesMs: readonly number[];
}

const NO_TRAFFIC: ModelTraffic = { counts: countRequests([]), latenciesMs: [] };
const known = new WeakMap<AttemptView, ModelTraffic & { readonly revision: number }>();

/** The attempt that a window's final row is of. */
export function finalAttempt({ view, final }: EndedWindow): AttemptView | undefined {
  return final === undefined ? undefined : view?.attempts.get(final.attempt);
}

/** The requests of a window's final attempt that asked a model to work, added up once. */
function modelTraffic(window: EndedWindow): ModelTraffic {
  const attempt = finalAttempt(window);
  if (attempt === undefined) return NO_TRAFFIC;
  const before = known.get(attempt);
  if (before?.revision === attempt.revision) return before;
  const requests = attempt.requests.filter(({ is_model }) => is_model);
  const counts = countRequests(requests);
  const traffic = { counts, latenciesMs: latenciesOf(requests), revision: attempt.revision };
  known.set(attempt, traffic);
  return traffic;
}

/** Latencies of these requests, milliseconds. */
export function modelLatencies(window: EndedWindow): readonly number[] {
  return modelTraffic(window).latenciesMs;
}

/** How these requests ended; without telemetry, what the window's final row counted. */
export function requestCounts(window: EndedWindow): RequestCounts {
  const { counts } = modelTraffic(window);
  return counts.total === 0 && window.final !== undefined ? window.final.requests : counts;
}
