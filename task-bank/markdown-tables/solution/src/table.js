import { cellsOf } from "./cells.js";
import { alignmentsOf, ruleOf } from "./rule.js";
import { pad, widthOf } from "./width.js";

const WIDTH_MIN = 3;

/** A table with its pipes below each other. */
export function formatTable(text) {
  const end = text.endsWith("\n") ? "\n" : "";
  const [header, second, ...lines] = text.slice(0, text.length - end.length).split("\n");
  const alignments = alignmentsOf(cellsOf(second ?? ""));
  const rows = [header, ...lines].map(cellsOf);
  const columns = Array.from({ length: Math.max(...[alignments, ...rows].map(({ length }) => length)) }, (_, place) => ({
    alignment: alignments[place] ?? "none",
    width: Math.max(WIDTH_MIN, ...rows.map((row) => widthOf(row[place] ?? ""))),
  }));
  const [first, ...others] = rows.map((row) =>
    columns.map(({ alignment, width }, place) => pad(row[place] ?? "", width, alignment)),
  );
  const rule = columns.map(({ alignment, width }) => ruleOf(alignment, width));
  return [first, rule, ...others].map((cells) => `| ${cells.join(" | ")} |`).join("\n") + end;
}
