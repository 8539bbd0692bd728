import assert from "node:assert/strict";

import type { DataTable } from "@cucumber/cucumber";

/** Columns that say where a window is in the schedule, or what did not happen. */
const NO_MEASURES = ["Replicate", "Period", "Run as", "Attempts", "Windows", "Not run"];

/** The marks that the lines with these beginnings carry, blanks and bars of tables apart. */
export function marksByLine(text: string, table: DataTable): readonly (readonly string[])[] {
  const lines = text.split("\n").map((line) => line.replaceAll(/[\s|]+/gu, " ").trim());
  return table.rows().map(([beginning = ""]) => {
    const own = lines.filter((line) => line.startsWith(beginning));
    assert.notEqual(own.length, 0, `No line begins with "${beginning}":\n${text}`);
    return [beginning, marksIn(own.join("\n")).join(" ")];
  });
}

/** The figures in the rows of the report's tables that begin with one of the names. */
export function figuresOf(text: string, names: readonly string[]): readonly string[] {
  return text.split("\n\n").flatMap((block) => {
    const [head = [], , ...rows] = block.split("\n").map(cellsOf);
    const own = rows.filter(([first = ""]) => names.includes(first.split(" †")[0] ?? ""));
    return own.flatMap((cells) =>
      cells.filter(
        (cell, at) =>
          /\d/u.test(cell) &&
          !cell.startsWith("n/a") &&
          at > 0 &&
          !NO_MEASURES.includes(head[at] ?? ""),
      ),
    );
  });
}

function cellsOf(line: string): readonly string[] {
  return line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function marksIn(text: string): readonly string[] {
  return [...new Set(text.match(/†[\d,]+/gu))];
}
