const ESCAPE = String.fromCodePoint(0x1b);
/** The same as ESCAPE and an opening bracket, in one character. */
const CSI = `(?:${ESCAPE}\\[|${String.fromCodePoint(0x9b)})`;
const BELL = String.fromCodePoint(0x07);
/** The cursor is put into another line, or on in this one: what it steps over is not text. */
const LINE_MOVES = new RegExp(`${CSI}[0-9;]*[ABEFHdf]`, "gu");
const COLUMN_MOVES = new RegExp(`${CSI}[0-9;]*[CG]`, "gu");
/** Colours, deletions and window titles that a captured terminal leaves in its text. */
const CONTROLS = new RegExp(
  `${CSI}[0-9;?]*[ -/]*[@-~]|${ESCAPE}(?:\\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\)|[@-Z\\\\-_])`,
  "gu",
);
const FRAME = /^[\s│┃|]$/u;

/** A pane's lines without colours and without the frame around them. */
export function plainLines(text: string): readonly string[] {
  return text
    .replaceAll(LINE_MOVES, "\n")
    .replaceAll(COLUMN_MOVES, " ")
    .replaceAll(CONTROLS, "")
    .replaceAll("\u00A0", " ")
    .split(/\r\n|\r|\n/u)
    .map((line) => withoutFrame(line));
}

function withoutFrame(line: string): string {
  let from = 0;
  let to = line.length;
  while (from < to && FRAME.test(line.charAt(from))) from += 1;
  while (to > from && FRAME.test(line.charAt(to - 1))) to -= 1;
  return line.slice(from, to);
}
