import type { createLogUpdate } from "log-update";

import type { Clock } from "../../../ledger/domain/clock.ts";
import type { Style } from "../../../reports/text/budget-bar.ts";
import type { SessionBoard } from "../../experiment/session/session-board.ts";
import type { SessionObserver } from "../../experiment/session/session-parts.ts";
import type { BudgetStatus } from "../../gateway/budgets/budget-status.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { drawScreen } from "./draw-screen.ts";
import { forecaster } from "./forecaster.ts";
import { describeEnd } from "./line-display.ts";

interface ScreenParts {
  readonly log: ReturnType<typeof createLogUpdate>;
  readonly read: () => SessionBoard;
  readonly budgets: () => readonly BudgetStatus[];
  readonly clock: Clock;
  readonly style: Style | undefined;
  /** Whether budgets are drawn as bars. */
  readonly hasVisuals: boolean;
  /** How far back the rolling period reaches; null without one. */
  readonly periodMs: number | null;
  readonly terminal: Environment["stderr"];
  readonly onSuspend: Environment["onSuspend"];
}

const REFRESH_MS = 250;
const COLUMNS = 80;
const ROWS = 24;

/** A block of lines at the foot of the terminal, redrawn as things change. */
export function screenDisplay(parts: ScreenParts): SessionObserver & { close(): void } {
  const { log, read, budgets, clock, periodMs, terminal, onSuspend } = parts;
  const forecast = forecaster({ start: budgets(), clock, periodMs });
  const draw = (): void => {
    const status = budgets();
    const state = {
      board: read(),
      budgets: status,
      forecast: (budget: BudgetStatus) => forecast(budget, status),
      nowMs: clock.nowMs(),
      monotonicMs: clock.monotonicMs(),
    };
    const { columns = COLUMNS, rows = ROWS } = terminal;
    log(drawScreen(state, { columns, rows }, parts).join("\n"));
  };
  const persist = (lines: readonly string[]): void => {
    if (lines.length > 0) log.persist(lines.join("\n"));
    draw();
  };
  const rest = (): void => {
    log.clear();
    log.done();
  };
  const timer = setInterval(draw, REFRESH_MS);
  timer.unref();
  terminal.on("resize", draw);
  const forget = onSuspend?.({ before: rest, after: draw });
  return {
    windowStarted: draw,
    phaseBegan: draw,
    settled: () => undefined,
    windowEnded: (planned, result) => persist(describeEnd(planned, result, read())),
    noted: (sentence) => persist([sentence]),
    close: () => {
      clearInterval(timer);
      terminal.off("resize", draw);
      forget?.();
      rest();
    },
  };
}
