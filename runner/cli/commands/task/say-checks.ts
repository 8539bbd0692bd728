import { countNoun } from "../../../../reports/text/number-text.ts";
import { plainTable } from "../../../../reports/text/plain-table.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import { COLUMNS, wrapText } from "../../../../reports/text/wrap-text.ts";
import type { Task } from "../../../tasks/bank/task.ts";
import type { TaskCheck } from "../../../tasks/check/check-task.ts";
import { isWithin, rangeOf } from "../../../tasks/check/like-size.ts";
import { sizeOfTask } from "../../../tasks/check/size-of-task.ts";
import type { TaskClaim } from "../../../tasks/check/task-claim.ts";

/** What was checked of the chosen tasks. */
export function sayChecks(
  checks: readonly TaskCheck[],
  chosen: readonly Task[],
  columns?: number,
): string {
  const kept = chosen.length - checks.length;
  return [describe(checks, columns), ...sayKept(kept), ...unlikeSizes(chosen)].join("\n");
}

function describe(checks: readonly TaskCheck[], columns = COLUMNS): string {
  return checks
    .map(({ taskId, claims }) =>
      [
        taskId,
        plainTable(claims.flatMap((claim) => rowsOf(claim, columns))).replaceAll(/^/gmu, "  "),
      ].join("\n"),
    )
    .join("\n\n");
}

/** What the indent and the word before a claim take. */
const COLUMNS_BEFORE = 9;

/** One row, and one for each further line. What a claim expects matters only if it does not hold. */
function rowsOf(
  { claim, expected, got, ok, printed = [] }: TaskClaim,
  columns: number,
): readonly (readonly string[])[] {
  const texts = ok ? [claim] : [claim, `expected: ${expected}`, `got: ${got}`, ...printed];
  const lines = texts.flatMap((text) => wrapText(toPlainLine(text), columns - COLUMNS_BEFORE));
  return lines.map((line, index) => [index > 0 ? "" : ok ? "holds" : "FAILS", line]);
}

function sayKept(kept: number): readonly string[] {
  if (kept === 0) return [];
  return [`${countNoun(kept, "task")} not proven again: unchanged since the recorded proof.`];
}

/** Tasks whose size is far from that of the others: they would weigh more or less than these. */
function unlikeSizes(tasks: readonly Task[]): readonly string[] {
  const sizes = tasks.map((task) => ({ id: task.id, ...sizeOfTask(task) }));
  const range = rangeOf(sizes.map(({ lines }) => lines));
  return sizes
    .filter(({ lines }) => range !== undefined && !isWithin(lines, range))
    .map(
      ({ id, lines }) =>
        `${id}: its solution has ${String(lines)} lines, and those of like size in this bank have ${String(range?.least)} to ${String(range?.most)}`,
    )
    .flatMap((line) => wrapText(line));
}
