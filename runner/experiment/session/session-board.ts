import type { Clock } from "../../../ledger/domain/clock.ts";
import type { Outcome } from "../../../ledger/domain/outcome.ts";
import type { Usage } from "../../../ledger/domain/usage.ts";
import type { Plan, PlannedWindow } from "../../plan/assignment/plan.ts";
import type { WindowPhase } from "../windows/window-worker.ts";

/** The state of a running session that displays show. */
export interface SessionBoard {
  readonly windowsInAll: number;
  readonly final: number;
  readonly running: readonly RunningWindow[];
  /** The matched sets in schedule order, period 1 first in each. */
  readonly sets: readonly (readonly BoardCell[])[];
  /** The providers in the order of the plan's letters: the baseline is A. */
  readonly providers: readonly string[];
  readonly pace: Pace;
}

export interface RunningWindow {
  readonly planned: PlannedWindow;
  readonly attempt: number;
  readonly startedMs: number;
  readonly phase: WindowPhase | "setup";
}

export interface BoardCell {
  readonly window: string;
  readonly provider: string;
  /** The outcome of a final window; null before. */
  readonly outcome: Outcome | null;
  readonly isRunning: boolean;
}

export interface Pace {
  readonly requestsPerS: number;
  readonly tokensPerS: number;
  /** How long the rest takes if windows end as often as they did in this session; null before the first end. */
  readonly leftMs: number | null;
}

/** Rates are those of so much time before now. */
const RATE_MS = 10_000;
const MS_PER_SECOND = 1000;

/** Keeps the board as windows start and end. `outcomeOf` says how a final window ended. */
export function keepBoard(
  plan: Plan,
  outcomeOf: (window: string) => Outcome | undefined,
  clock: Clock,
) {
  const windows = plan.sets.flatMap((set) => set.windows);
  const running = new Map<string, RunningWindow>();
  const startMs = clock.monotonicMs();
  const finalAtStart = countFinal();
  let requests: readonly SettledRequest[] = [];

  function countFinal(): number {
    return windows.filter(({ window }) => outcomeOf(window) !== undefined).length;
  }

  function paceOf(final: number): Pace {
    const nowMs = clock.monotonicMs();
    requests = requests.filter(({ atMs }) => atMs > nowMs - RATE_MS);
    const spanS = Math.max(1, Math.min(RATE_MS, nowMs - startMs) / MS_PER_SECOND);
    const tokens = requests.reduce((total, request) => total + request.tokens, 0);
    const ended = final - finalAtStart;
    const leftMs = ended === 0 ? null : ((nowMs - startMs) / ended) * (windows.length - final);
    return { requestsPerS: requests.length / spanS, tokensPerS: tokens / spanS, leftMs };
  }

  return {
    started: (planned: PlannedWindow, attempt: number): void => {
      const startedMs = clock.monotonicMs();
      running.set(planned.window, { planned, attempt, startedMs, phase: "setup" });
    },
    phaseBegan: ({ window }: PlannedWindow, phase: WindowPhase): void => {
      const known = running.get(window);
      if (known !== undefined) running.set(window, { ...known, phase });
    },
    settled: (usage: Usage | null): void => {
      requests = [...requests, { atMs: clock.monotonicMs(), tokens: tokensOf(usage) }];
    },
    ended: ({ window }: PlannedWindow): void => void running.delete(window),
    read: (): SessionBoard => {
      const final = countFinal();
      return {
        windowsInAll: windows.length,
        final,
        running: [...running.values()],
        sets: plan.sets.map((set) =>
          set.windows.map(({ window, provider }) => ({
            window,
            provider,
            outcome: outcomeOf(window) ?? null,
            isRunning: running.has(window),
          })),
        ),
        providers: [
          ...new Set([plan.registration.baseline, ...windows.map(({ provider }) => provider)]),
        ],
        pace: paceOf(final),
      };
    },
  };
}

interface SettledRequest {
  readonly atMs: number;
  readonly tokens: number;
}

/** Uncached input, cache writes and output. */
export function tokensOf(usage: Usage | null): number {
  return (
    (usage?.input_uncached ?? 0) +
    (usage?.cache_write_5m ?? 0) +
    (usage?.cache_write_1h ?? 0) +
    (usage?.output ?? 0)
  );
}
