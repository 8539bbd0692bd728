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

/** Updates the board as windows start and end. */
export class BoardKeeper {
  readonly #clock: Clock;
  readonly #windows: readonly string[];
  readonly #isFinal: (window: string) => boolean;
  readonly #running = new Map<string, RunningWindow>();

  constructor(plan: Plan, isFinal: (window: string) => boolean, clock: Clock) {
    this.#clock = clock;
    this.#windows = plan.sets.flatMap(({ windows }) => windows.map(({ window }) => window));
    this.#isFinal = isFinal;
  }

  started(planned: PlannedWindow, attempt: number): void {
    this.#running.set(planned.window, { planned, attempt, startedMs: this.#clock.monotonicMs() });
  }

  ended(planned: PlannedWindow): void {
    this.#running.delete(planned.window);
  }

  read(): SessionBoard {
    return {
      windowsInAll: this.#windows.length,
      final: this.#windows.filter((window) => this.#isFinal(window)).length,
      running: [...this.#running.values()],
    };
  }
}
