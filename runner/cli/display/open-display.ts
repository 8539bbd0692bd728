import { createLogUpdate } from "log-update";

import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import type { ExperimentFold } from "../../../ledger/views/experiment-fold.ts";
import { finalOf } from "../../../ledger/views/progress.ts";
import { toPlainLine } from "../../../reports/text/plain-text.ts";
import type { Experiment } from "../../experiment/session/prepare-experiment.ts";
import { keepBoard, type SessionBoard } from "../../experiment/session/session-board.ts";
import type { SessionObserver } from "../../experiment/session/session-parts.ts";
import type { BudgetStatus } from "../../gateway/budgets/budget-status.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { eventDisplay } from "./event-display.ts";
import type { WriteEvent } from "./events.ts";
import { lineDisplay } from "./line-display.ts";
import { isLiveTerminal, styleFor } from "./live-terminal.ts";
import { screenDisplay } from "./screen-display.ts";

/** The progress of a run: on stderr for people, and as events for programs. */
export interface Display {
  watch(budgets: () => readonly BudgetStatus[]): SessionObserver;
  noted(sentence: string): void;
  /** Whether an attempt at a window is running. */
  isAtWork(): boolean;
  close(): void;
}

interface DisplayParts {
  readonly experiment: Experiment;
  readonly view: ExperimentFold;
  readonly environment: Environment;
  /** Null if no program asked for events. */
  readonly events: WriteEvent | null;
}

/** A live block on a terminal; plain lines, each with its time, elsewhere and in CI. */
export function openDisplay(parts: DisplayParts): Display {
  const { experiment, view, environment, events } = parts;
  const { plan } = experiment;
  const { stderr, clock } = environment;
  const board = keepBoard(plan, (window) => finalOf(view, window)?.outcome, clock);
  const { read } = board;
  const lines = lineDisplay((line) => {
    stderr.write(`${timestampOf(clock.nowMs())} ${line}\n`);
  }, read);
  const forPrograms = events === null ? [] : [eventDisplay(events, read)];
  let current: SessionObserver & { close?(): void } = lines;
  const tell = (say: (observer: SessionObserver) => void): void => {
    for (const observer of [current, ...forPrograms]) say(observer);
  };
  const noted = (sentence: string): void => tell((one) => one.noted(toPlainLine(sentence)));
  return {
    watch: (budgets) => {
      const { windowsInAll: windows, final } = read();
      events?.("run_started", { experiment_id: plan.experimentId, windows, final });
      if (isLiveTerminal(environment)) current = liveDisplay(parts, read, budgets);
      return observerOf(board, tell, noted);
    },
    noted,
    isAtWork: () => read().running.length > 0,
    close: () => {
      current.close?.();
      current = lines;
    },
  };
}

function liveDisplay(
  { experiment: { configuration }, environment }: DisplayParts,
  read: () => SessionBoard,
  budgets: () => readonly BudgetStatus[],
) {
  const { stderr, clock, onSuspend } = environment;
  const { hasVisuals, periodMs } = configuration.budgets;
  return screenDisplay({
    log: createLogUpdate(stderr),
    read,
    budgets,
    clock,
    style: styleFor(stderr, environment),
    hasVisuals: hasVisuals.value,
    periodMs: periodMs.value,
    terminal: stderr,
    onSuspend,
  });
}

/** The board knows an event before a display shows it. */
function observerOf(
  board: ReturnType<typeof keepBoard>,
  tell: (say: (observer: SessionObserver) => void) => void,
  noted: SessionObserver["noted"],
): SessionObserver {
  return {
    windowStarted: (planned, attempt) => {
      board.started(planned, attempt);
      tell((one) => one.windowStarted(planned, attempt));
    },
    phaseBegan: (planned, phase) => {
      board.phaseBegan(planned, phase);
      tell((one) => one.phaseBegan(planned, phase));
    },
    settled: (usage) => board.settled(usage),
    windowEnded: (planned, result) => {
      board.ended(planned);
      tell((one) => one.windowEnded(planned, result));
    },
    windowWithdrawn: (planned) => board.ended(planned),
    noted,
  };
}
