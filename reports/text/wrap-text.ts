import stringWidth from "fast-string-width";

/** The columns of a text whose place has no width of its own. */
export const COLUMNS = 80;

/** A number and its percent sign stay on one line. */
const BREAKABLE = / (?!%)/u;

/** Breaks a text into lines of at most so many characters, at blanks where there are any. */
export function wrapText(text: string, width = COLUMNS): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(BREAKABLE).flatMap((long) => piecesOf(long, width))) {
    if (line !== "" && widthOf(`${line} ${word}`) > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

const INDENT = "  ";

/** Breaks a text into lines that fit a terminal, and indents all but the first. */
export function hangText(text: string, columns = COLUMNS): string {
  return wrapText(text, columns - INDENT.length).join(`\n${INDENT}`);
}

/**
 * The same for a text that leads to a command. A command that does not fit gets lines of its own, so that
 * a shell takes them when they are pasted.
 */
export function hangCommand(text: string, command: string, columns = COLUMNS): string {
  if (widthOf(`${text} ${command}`) <= columns) return `${text} ${command}`;
  const room = columns - 2 * INDENT.length - CONTINUED.length;
  const lines = [""];
  for (const word of command.match(SHELL_WORD) ?? []) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && widthOf(`${line} ${word}`) > room) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  const pasted = lines.join(`${CONTINUED}\n${INDENT}${INDENT}`);
  return `${hangText(text, columns)}\n${INDENT}${pasted}`;
}

/** After this, a shell reads on. */
const CONTINUED = " \\";

const SHELL_WORD = /(?:'[^']*'|\\.|[^\s'])+/gu;

const ELLIPSIS = "…";

/** A text that fits so many columns; an ellipsis replaces what was cut. */
export function cutText(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  return `${startOf(text, columns - 1).trimEnd()}${ELLIPSIS}`;
}

/** A name that fits so many columns: it keeps its start and its end, where names that are alike differ. */
export function cutName(name: string, columns: number): string {
  if (widthOf(name) <= columns) return name;
  const end = Math.floor((columns - 1) / 2);
  return `${startOf(name, columns - 1 - end)}${ELLIPSIS}${endOf(name, end)}`;
}

function startOf(text: string, columns: number): string {
  return piecesOf(text.slice(0, LONGEST), columns)[0] ?? "";
}

function endOf(text: string, columns: number): string {
  let end = "";
  for (const character of charactersOf(text.slice(-LONGEST)).toReversed()) {
    if (widthOf(character + end) > columns) break;
    end = character + end;
  }
  return end;
}

/** No terminal is wider. */
const LONGEST = 4000;

let segmenter: Intl.Segmenter | undefined;

function charactersOf(text: string): readonly string[] {
  // To make one takes longer than most commands take to start.
  segmenter ??= new Intl.Segmenter();
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/**
 * Breaks every line of a finished text that is too long, at blanks where there are any, and indents what
 * follows by two more than the line itself. Colours take no room.
 */
export function foldText(text: string, columns: number): string {
  return text
    .split("\n")
    .map((line) => (widthOf(line) <= columns ? line : foldLine(line, columns)))
    .join("\n");
}

function foldLine(line: string, columns: number): string {
  const own = /^ */u.exec(line)?.[0] ?? "";
  const indent = own.length + INDENT.length < columns / 2 ? `${own}${INDENT}` : INDENT;
  const room = columns - indent.length;
  const lines: string[] = [];
  let current = own;
  const words = line.trimStart().match(/\S+(?: %\S*)? */gu) ?? [];
  for (const word of words.flatMap((long) =>
    widthOf(long.trimEnd()) > room ? piecesOf(long, room) : [long],
  )) {
    if (current.trim() !== "" && widthOf(`${current}${word}`.trimEnd()) > columns) {
      lines.push(current.trimEnd());
      current = indent;
    }
    current += word;
  }
  return [...lines, current.trimEnd()].join("\n");
}

/** The columns of a terminal that a text takes; some characters take two, and colours none. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

function piecesOf(word: string, width: number): readonly string[] {
  if (widthOf(word) <= width) return [word];
  const pieces: string[] = [];
  let piece = "";
  let taken = 0;
  for (const character of charactersOf(word)) {
    const own = widthOf(character);
    if (piece !== "" && taken + own > width) {
      pieces.push(piece);
      [piece, taken] = ["", 0];
    }
    piece += character;
    taken += own;
  }
  return [...pieces, piece];
}
