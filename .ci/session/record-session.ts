import { setTimeout } from "node:timers/promises";

import { spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";

/** A run of characters in one style. */
interface Span {
  readonly column: number;
  readonly text: string;
  readonly colour: number | null;
  readonly isBold: boolean;
}

/** What the terminal showed from one moment to the next. */
export interface Frame {
  readonly startMs: number;
  readonly lines: readonly (readonly Span[])[];
}

export const COLUMNS = 80;
export const ROWS = 24;
const SAMPLE_MS = 500;

/** Runs a command under a terminal of 80 × 24 and keeps what the screen showed, twice a second. */
export async function recordSession(
  command: readonly [string, ...string[]],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<readonly Frame[]> {
  const [program, ...args] = command;
  const terminal = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true });
  const child = spawn(program, args, { cols: COLUMNS, rows: ROWS, ...options });
  const ended = new AbortController();
  child.onData((text) => terminal.write(text));
  child.onExit(() => ended.abort());
  const startMs = performance.now();
  const frames: Frame[] = [];
  const keep = (): void => {
    const lines = readScreen(terminal);
    if (JSON.stringify(lines) === JSON.stringify(frames.at(-1)?.lines)) return;
    frames.push({ startMs: performance.now() - startMs, lines });
  };
  while (!ended.signal.aborted) {
    keep();
    await setTimeout(SAMPLE_MS);
  }
  await new Promise<void>((resolve) => {
    terminal.write("", resolve);
  });
  keep();
  return frames;
}

function readScreen(terminal: xterm.Terminal): Frame["lines"] {
  const { active } = terminal.buffer;
  return Array.from({ length: ROWS }, (_, row) => {
    const line = active.getLine(active.baseY + row);
    return line === undefined ? [] : readSpans(line);
  });
}

type Line = NonNullable<ReturnType<xterm.Terminal["buffer"]["active"]["getLine"]>>;

/** The cells of a line, those in one style joined; blanks at its end are left out. */
function readSpans(line: Line): readonly Span[] {
  const spans: Span[] = [];
  const width = line.translateToString(true).length;
  for (let column = 0; column < width; column += 1) {
    const span = readCell(line, column);
    const last = spans.at(-1);
    if (last?.colour === span.colour && last.isBold === span.isBold)
      spans.splice(-1, 1, { ...last, text: last.text + span.text });
    else spans.push(span);
  }
  return spans.filter(({ text }) => text.trim() !== "");
}

function readCell(line: Line, column: number): Span {
  const cell = line.getCell(column);
  if (cell === undefined) return { column, text: " ", colour: null, isBold: false };
  const colour = cell.isFgPalette() ? cell.getFgColor() : null;
  return { column, text: cell.getChars() || " ", colour, isBold: cell.isBold() !== 0 };
}
