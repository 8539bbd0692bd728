import type { Clock } from "../../../ledger/domain/clock.ts";
import type { Plan, PlannedWindow } from "../../assignment/plan.ts";

/** The state of a running session that displays show. */
export interface SessionBoard {
  readonly windowsInAll: number;
  readonly final: number;
  readonly running: readonly RunningWindow[];
}

export interface RunningWindow {
  readonly planned: PlannedWindow;
  readonly attempt: number;
  readonly startedMs: number;
}

/** Keeps the board as windows start and end. */
export function keepBoard(plan: Plan, isFinal: (window: string) => boolean, clock: Clock) {
  const windows = plan.sets.flatMap((set) => set.windows.map(({ window }) => window));
  const running = new Map<string, RunningWindow>();
  return {
    started: (planned: PlannedWindow, attempt: number): void => {
      running.set(planned.window, { planned, attempt, startedMs: clock.monotonicMs() });
    },
    ended: ({ window }: PlannedWindow): void => void running.delete(window),
    read: (): SessionBoard => ({
      windowsInAll: windows.length,
      final: windows.filter(isFinal).length,
      running: [...running.values()],
    }),
  };
}
