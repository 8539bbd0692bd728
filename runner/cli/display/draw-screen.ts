import cliTruncate from "cli-truncate";

import { isValidOutcome, type Outcome } from "../../../ledger/domain/outcome.ts";
import { renderBudgetBar, sayMoment, type Style } from "../../../reports/text/budget-bar.ts";
import { countNoun } from "../../../reports/text/number-text.ts";
import { toPlainLine } from "../../../reports/text/plain-text.ts";
import type {
  BoardCell,
  RunningWindow,
  SessionBoard,
} from "../../experiment/session/session-board.ts";
import type { BudgetStatus } from "../../gateway/budgets/budget-status.ts";

/** What the live screen shows. */
export interface ScreenState {
  readonly board: SessionBoard;
  readonly budgets: readonly BudgetStatus[];
  /** The text after a budget over all attempts, for example when it is empty. */
  readonly forecast: (budget: BudgetStatus) => string;
  /** By the wall clock, and by the clock that windows are timed with. */
  readonly nowMs: number;
  readonly monotonicMs: number;
}

/** The terminal. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

export interface ScreenManner {
  readonly style: Style | undefined;
  /** Whether budgets are drawn as bars. */
  readonly hasVisuals: boolean;
}

const MS_PER_SECOND = 1000;
const SECONDS_PER_MINUTE = 60;
const MINUTES_PER_HOUR = 60;
/** The line below the block, where the cursor is. */
const CURSOR_ROWS = 1;

/**
 * The lines of the live screen: no line is wider than the terminal, and all of them fit it. The least
 * important parts go first, and "+6 more" says what is not shown.
 */
export function drawScreen(
  state: ScreenState,
  { columns, rows }: ScreenSize,
  manner: ScreenManner,
): readonly string[] {
  const room = Math.max(1, rows - CURSOR_ROWS);
  const summary = [drawProgress(state)];
  const pace = [drawPace(state)];
  const shared = state.budgets
    .filter(({ window }) => window === null)
    .map((budget) => `${drawBar(budget, columns, manner)}${state.forecast(budget)}`);
  const windows = state.board.running.map((window) => drawWindow(window, state.monotonicMs));
  const own = state.budgets
    .filter((budget) => state.board.running.some((one) => one.planned.window === budget.window))
    .map((budget) => drawBar(budget, columns, manner));
  const grid = drawGrid(state.board, columns);
  const parts = [summary, windows, shared, pace, grid, own];
  const shares = shareRows(parts, room);
  const [top = [], atWork = [], budgets = [], rates = [], cells = [], details = []] = shares;
  return [...atWork, ...details, ...budgets, ...cells, ...rates, ...top].map((line) =>
    cliTruncate(line, columns),
  );
}

/** Gives rows to the parts in order of importance; a part that has too few says how many are missing. */
function shareRows(
  parts: readonly (readonly string[])[],
  rooms: number,
): readonly (readonly string[])[] {
  let left = rooms;
  return parts.map((lines) => {
    const shown = fitLines(lines, left);
    left -= shown.length;
    return shown;
  });
}

function fitLines(lines: readonly string[], room: number): readonly string[] {
  if (lines.length <= room) return lines;
  if (room <= 0) return [];
  const shown = lines.slice(0, room - 1);
  return [...shown, `+${String(lines.length - shown.length)} more`];
}

function drawProgress({ board, nowMs }: ScreenState): string {
  const { final, windowsInAll, pace } = board;
  const left = windowsInAll - final;
  const count = `${String(final)} of ${countNoun(windowsInAll, "window")} final, ${String(left)} left`;
  if (left === 0 || pace.leftMs === null) return count;
  return `${count}, about ${sayTime(pace.leftMs)}, until ${sayMoment(nowMs + pace.leftMs, nowMs)}`;
}

function drawPace({ board }: ScreenState): string {
  const { requestsPerS, tokensPerS } = board.pace;
  return `${requestsPerS.toFixed(1)} requests/s, ${tokensPerS.toFixed(0)} tokens/s (uncached)`;
}

function drawWindow({ planned, attempt, startedMs, phase }: RunningWindow, nowMs: number): string {
  const again = attempt === 1 ? "" : `  attempt ${String(attempt)}`;
  const provider = toPlainLine(planned.provider);
  const command = toPlainLine(planned.command);
  return `${planned.window}  ${sayPhase(phase).padEnd(PHASE_WIDTH)}${sayTime(nowMs - startedMs).padStart(TIME_WIDTH)}  ${provider}  ${command}${again}`;
}

/** In a team, the role that works. */
function sayPhase(phase: RunningWindow["phase"]): string {
  return toPlainLine(phase.replace(/^working as /u, ""));
}

const PHASE_WIDTH = 7;
const TIME_WIDTH = 8;
const NAME_WIDTH = 12;
/** Below this a bar leaves no room for its numbers. */
const BAR_COLUMNS = 60;

function drawBar(budget: BudgetStatus, columns: number, manner: ScreenManner): string {
  const name = toPlainLine(budget.scope === "role" ? `role ${budget.name}` : budget.name);
  const bar = renderBudgetBar(budget, {
    ...manner,
    hasVisuals: manner.hasVisuals && columns >= BAR_COLUMNS,
  });
  return `  ${name.padEnd(NAME_WIDTH)} ${bar}`;
}

/** What each window of the schedule has come to, one letter and one sign a window. */
function drawGrid(board: SessionBoard, columns: number): readonly string[] {
  const { sets, providers } = board;
  if (sets.length === 0) return [];
  const letters = sets.map((set) => set.map((cell) => letterOf(cell, providers)).join(""));
  const signs = sets.map((set) => set.map(signOf).join(""));
  const width = Math.max(...letters.map(({ length }) => length)) + 1;
  const head = "order  ";
  const fitting = Math.max(1, Math.floor((columns - head.length) / width));
  const first = firstShown(sets, fitting);
  const last = Math.min(sets.length, first + fitting);
  const line = (cells: readonly string[]) =>
    cells
      .slice(first, last)
      .map((cell) => cell.padEnd(width))
      .join("")
      .trimEnd();
  const rest = sets.length - (last - first);
  const names = providers.map((name, index) => `${letterAt(index)} ${toPlainLine(name)}`);
  return [
    `${head}${line(letters)}`,
    `${" ".repeat(head.length)}${line(signs)}`,
    `${names.join(", ")}: + passed, o partly, x failed, ? missing, ~ at work, . planned${rest === 0 ? "" : `; +${countNoun(rest, "more pair")}`}`,
  ];
}

/** The sets around the first one that is not final. */
function firstShown(sets: SessionBoard["sets"], fitting: number): number {
  const open = sets.findIndex((set) => set.some(({ outcome }) => outcome === null));
  const current = open === -1 ? sets.length - 1 : open;
  return Math.max(0, Math.min(current - Math.floor(fitting / 2), sets.length - fitting));
}

const FIRST_LETTER = 65;

function letterAt(index: number): string {
  return String.fromCharCode(FIRST_LETTER + index);
}

function letterOf({ provider }: BoardCell, providers: readonly string[]): string {
  return letterAt(providers.indexOf(provider));
}

function signOf({ outcome, isRunning }: BoardCell): string {
  if (outcome !== null) return signOfOutcome(outcome);
  return isRunning ? "~" : ".";
}

function signOfOutcome(outcome: Outcome): string {
  if (outcome === "pass") return "+";
  if (outcome === "partial") return "o";
  return isValidOutcome(outcome) ? "x" : "?";
}

/** For example `1 h 05 min`, `4 min` or `12 s`. */
function sayTime(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / MS_PER_SECOND));
  if (seconds < 2 * SECONDS_PER_MINUTE) return `${String(seconds)} s`;
  const minutes = Math.round(seconds / SECONDS_PER_MINUTE);
  if (minutes < 2 * MINUTES_PER_HOUR) return `${String(minutes)} min`;
  const rest = String(minutes % MINUTES_PER_HOUR).padStart(2, "0");
  return `${String(Math.floor(minutes / MINUTES_PER_HOUR))} h ${rest} min`;
}
