import type { createLogUpdate } from "log-update";

import type { Clock } from "../../../ledger/domain/clock.ts";
import { renderBudgetBar, type Style } from "../../../reports/format/budget-lines.ts";
import type { BudgetStatus } from "../../budgets/budget-status.ts";
import type { SessionObserver } from "../../session/session-parts.ts";
import { forecaster } from "./forecaster.ts";
import { describeEnd } from "./line-display.ts";
import type { RunningWindow, SessionBoard } from "./session-board.ts";

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
}

type BoardParts = ScreenParts & { readonly forecast: ReturnType<typeof forecaster> };

const REFRESH_MS = 250;
const MS_PER_SECOND = 1000;

/** A block of lines at the foot of the terminal, redrawn as things change. */
export function screenDisplay(parts: ScreenParts): SessionObserver & { close(): void } {
  const { log, read, budgets, clock, periodMs } = parts;
  const forecast = forecaster({ start: budgets(), clock, periodMs });
  const draw = (): void => log(drawBoard({ ...parts, forecast }));
  const timer = setInterval(draw, REFRESH_MS);
  timer.unref();
  return {
    windowStarted: draw,
    spent: draw,
    windowEnded: (planned, result) => log.persist(describeEnd(planned, result, read())),
    noted: (sentence) => log.persist(sentence),
    close: () => {
      clearInterval(timer);
      log.clear();
      log.done();
    },
  };
}

function drawBoard({ read, budgets, clock, style, hasVisuals, forecast }: BoardParts): string {
  const { running, final, windowsInAll } = read();
  const status = budgets();
  const bar = (budget: BudgetStatus) =>
    `  ${nameOf(budget).padEnd(12)} ${renderBudgetBar(budget, { style, hasVisuals })}`;
  const windows = running.flatMap((window) => [
    describeRunning(window, clock),
    ...status.filter((budget) => budget.window === window.planned.window).map(bar),
  ]);
  const shared = status
    .filter((budget) => budget.window === null)
    .map((budget) => `${bar(budget)}${forecast(budget, status)}`);
  const left = windowsInAll - final;
  return [
    ...windows,
    ...shared,
    `${String(final)} of ${String(windowsInAll)} windows final, ${String(left)} left`,
  ].join("\n");
}

function nameOf({ scope, name }: BudgetStatus): string {
  return scope === "role" ? `role ${name}` : name;
}

function describeRunning({ planned, attempt, startedMs }: RunningWindow, clock: Clock): string {
  const seconds = Math.round((clock.monotonicMs() - startedMs) / MS_PER_SECOND);
  const again = attempt === 1 ? "" : `  attempt ${String(attempt)}`;
  return `${planned.window}  ${planned.provider}  ${planned.command}${again}  ${String(seconds)} s`;
}
