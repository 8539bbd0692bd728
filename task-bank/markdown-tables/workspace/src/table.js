import { cellsOf } from "./cells.js";
import { alignmentsOf, ruleOf } from "./rule.js";
import { pad, widthOf } from "./width.js";

/** A table with its pipes below each other. */
export function formatTable(text) {
  const [header, second, ...rows] = text.trim().split("\n").map(cellsOf);
  const alignments = alignmentsOf(second);
  const columns = header.map((_, place) => ({
    alignment: alignments[place],
    width: Math.max(...[header, ...rows].map((row) => widthOf(row[place]))),
  }));
  const [first, ...others] = [header, ...rows].map((row) =>
    columns.map(({ alignment, width }, place) => pad(row[place], width, alignment)),
  );
  const rule = columns.map(({ alignment, width }) => ruleOf(alignment, width));
  return [first, rule, ...others].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
