import { COLUMNS, type Frame, ROWS } from "./record-session.ts";

const CELL_WIDTH = 8.4;
const LINE_HEIGHT = 18;
const MARGIN = 14;
/** The last picture stays so long before the film begins again. */
const LAST_MS = 12_000;
const PERCENT = 100;
/** Decimal places of a percentage. */
const DIGITS = 3;

const BACKGROUND = "#10151c";
const FOREGROUND = "#d8dee6";
/** The colours 0 to 7 of a terminal; the bright ones look the same. */
const PALETTE = [
  "#8b96a3",
  "#ff8579",
  "#7fd38a",
  "#e5c46b",
  "#7db7ff",
  "#d3a4f5",
  "#6fd3d3",
  "#d8dee6",
];

/**
 * A film of a terminal as one SVG, without a script: the pictures are one below the other, and a style moves
 * them. Readers who asked for less motion see the last picture.
 */
export function drawSession(frames: readonly Frame[], title: string): string {
  const width = COLUMNS * CELL_WIDTH + 2 * MARGIN;
  const height = ROWS * LINE_HEIGHT + 2 * MARGIN;
  const durationMs = (frames.at(-1)?.startMs ?? 0) + LAST_MS;
  const steps = frames.map(
    ({ startMs }, index) =>
      `${((PERCENT * startMs) / durationMs).toFixed(DIGITS)}%{transform:translateY(${String(-index * height)}px)}`,
  );
  const pictures = frames.map(({ lines }, index) => drawFrame(lines, index * height));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" role="img" aria-labelledby="title">
<title id="title">${escape(title)}</title>
<style>
text{font:14px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;fill:${FOREGROUND};white-space:pre}
.b{font-weight:bold}
${PALETTE.map((colour, index) => `.c${String(index)}{fill:${colour}}`).join("")}
@keyframes film{${steps.join("")}}
.film{animation:film ${String(Math.round(durationMs))}ms step-end infinite}
@media (prefers-reduced-motion:reduce){.film{animation:none;transform:translateY(${String(-(frames.length - 1) * height)}px)}}
</style>
<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>
<g class="film">
${pictures.join("\n")}
</g>
</svg>
`;
}

function drawFrame(lines: Frame["lines"], top: number): string {
  return lines
    .flatMap((spans, row) =>
      spans.map(({ column, text, colour, isBold }) => {
        const x = MARGIN + column * CELL_WIDTH;
        const y = top + MARGIN + (row + 1) * LINE_HEIGHT - 5;
        const names = [
          ...(colour === null ? [] : [`c${String(colour % PALETTE.length)}`]),
          ...(isBold ? ["b"] : []),
        ].join(" ");
        const style = names === "" ? "" : ` class="${names}"`;
        const length = (text.length * CELL_WIDTH).toFixed(1);
        return `<text x="${x.toFixed(1)}" y="${String(y)}" textLength="${length}"${style}>${escape(text)}</text>`;
      }),
    )
    .join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"]/gu, (character) => ENTITIES[character] ?? character);
}
