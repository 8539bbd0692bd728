import { headerOf } from "./header.js";
import { isEnded, splitLines } from "./lines.js";

/** The difference of two texts, in hunks. An empty text if there is none. */
export function diffTexts(before, after, { context = 3 } = {}) {
  if (!Number.isInteger(context) || context < 0) throw new RangeError("context is a whole number of lines");
  return hunksOf(stepsBetween(splitLines(before), splitLines(after)), context).map(writeHunk).join("");
}

/** Each line that is kept, removed or added, and how many lines of both texts come before it. */
function stepsBetween(before, after) {
  const common = commonLines(before, after);
  const steps = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (before[i] === after[j]) {
      steps.push({ sign: " ", line: before[i], i, j });
      i += 1;
      j += 1;
    } else if (common(i + 1, j) >= common(i, j + 1)) {
      steps.push({ sign: "-", line: before[i], i, j });
      i += 1;
    } else {
      steps.push({ sign: "+", line: after[j], i, j });
      j += 1;
    }
  }
  return steps;
}

/** How many lines can be kept of what follows two places; -1 behind the end of a text. */
function commonLines(before, after) {
  const rows = Array.from({ length: before.length + 1 }, () => Array(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i -= 1)
    for (let j = after.length - 1; j >= 0; j -= 1)
      rows[i][j] = before[i] === after[j] ? rows[i + 1][j + 1] + 1 : Math.max(rows[i + 1][j], rows[i][j + 1]);
  return (i, j) => rows[i]?.[j] ?? -1;
}

function hunksOf(steps, context) {
  const hunks = [];
  for (const [place, { sign }] of steps.entries()) {
    if (sign === " ") continue;
    const from = Math.max(0, place - context);
    const to = place + 1 + context;
    const last = hunks.at(-1);
    if (last !== undefined && from <= last.to) last.to = to;
    else hunks.push({ from, to });
  }
  return hunks.map(({ from, to }) => steps.slice(from, to));
}

function writeHunk(steps) {
  const [{ i, j }] = steps;
  const header = headerOf({ before: spanOf(steps, "+", i), after: spanOf(steps, "-", j) });
  const lines = steps.map(({ sign, line }) => `${sign}${isEnded(line) ? line : `${line}\n\\ No newline at end of file\n`}`);
  return `${header}\n${lines.join("")}`;
}

function spanOf(steps, other, linesBefore) {
  const count = steps.filter(({ sign }) => sign !== other).length;
  return { start: count === 0 ? linesBefore : linesBefore + 1, count };
}
