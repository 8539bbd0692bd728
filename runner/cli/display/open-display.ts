import { createLogUpdate } from "log-update";

import type { ExperimentFold } from "../../../ledger/views/experiment-fold.ts";
import { finalOf } from "../../../ledger/views/progress.ts";
import { toPlainLine } from "../../../reports/text/plain-text.ts";
import type { BudgetStatus } from "../../budgets/budget-status.ts";
import type { Environment } from "../../environment.ts";
import type { Experiment } from "../../session/prepare-experiment.ts";
import type { SessionObserver } from "../../session/session-parts.ts";
import { styleFor } from "../show-preview.ts";
import { lineDisplay } from "./line-display.ts";
import { screenDisplay } from "./screen-display.ts";
import { keepBoard } from "./session-board.ts";

/** The progress of a run, on stderr. */
export interface Display {
  watch(budgets: () => readonly BudgetStatus[]): SessionObserver;
  noted(sentence: string): void;
  /** Whether an attempt at a window is running. */
  isAtWork(): boolean;
  close(): void;
}

/** A live block on a terminal, plain lines elsewhere. */
export function openDisplay({
  experiment: { plan, configuration },
  view,
  environment,
}: {
  readonly experiment: Experiment;
  readonly view: ExperimentFold;
  readonly environment: Environment;
}): Display {
  const { stderr, clock } = environment;
  const { hasVisuals, periodMs } = configuration.budgets;
  const board = keepBoard(plan, (window) => finalOf(view, window) !== undefined, clock);
  const { read } = board;
  const writeLine = (line: string): void => void stderr.write(`${line}\n`);
  let current: SessionObserver & { close?(): void } = lineDisplay(writeLine, read);
  return {
    watch: (budgets) => {
      if (stderr.isTTY === true) {
        current = screenDisplay({
          log: createLogUpdate(stderr),
          read,
          budgets,
          clock,
          style: styleFor(stderr, environment),
          hasVisuals: hasVisuals.value,
          periodMs: periodMs.value,
        });
      }
      const shown = current;
      return {
        windowStarted: (planned, attempt) => {
          board.started(planned, attempt);
          shown.windowStarted(planned, attempt);
        },
        spent: () => shown.spent(),
        windowEnded: (planned, result) => {
          board.ended(planned);
          shown.windowEnded(planned, result);
        },
        noted: (sentence) => shown.noted(toPlainLine(sentence)),
      };
    },
    noted: (sentence) => current.noted(toPlainLine(sentence)),
    isAtWork: () => read().running.length > 0,
    close: () => {
      current.close?.();
      current = lineDisplay(writeLine, read);
    },
  };
}
