/** Longest pane that is read, characters. A screen has some thousands. */
export const PANE_CHARS_MAX = 262_144;

const ESCAPE = String.fromCodePoint(0x1b);
const BELL = String.fromCodePoint(0x07);
/** Colours, cursor movements and window titles that a captured terminal leaves in its text. */
const CONTROLS = new RegExp(
  `${ESCAPE}(?:\\[[0-9;?]*[ -/]*[@-~]|\\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\)|[@-Z\\\\-_])`,
  "gu",
);
const FRAME = /^[\s│┃|]+|[\s│┃|]+$/gu;

/** A pane's lines without colours and without the frame around them. */
export function plainLines(text: string): readonly string[] {
  return text
    .replaceAll(CONTROLS, "")
    .replaceAll("\u00A0", " ")
    .split(/\r\n|\r|\n/u)
    .map((line) => line.replaceAll(FRAME, ""));
}
