import Table from "cli-table3";

const RULES = [
  "top",
  "top-mid",
  "top-left",
  "top-right",
  "bottom",
  "bottom-mid",
  "bottom-left",
  "bottom-right",
  "left",
  "left-mid",
  "mid",
  "mid-mid",
  "right",
  "right-mid",
] as const;

const CHARS = Object.fromEntries(RULES.map((place) => [place, ""]));

/** Aligned columns without rules or colours, for pipes and logs; the first row is the head. */
export function plainTable(rows: readonly (readonly string[])[]): string {
  const table = new Table({
    chars: { ...CHARS, middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
