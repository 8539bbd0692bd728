/** How columns are aligned: the second line of a table, by its cells. */
export function alignmentsOf(cells) {
  return cells.map((cell) => (cell.endsWith(":") ? "right" : "none"));
}

/** A cell of the second line. */
export function ruleOf(alignment, width) {
  return alignment === "right" ? "-".repeat(width - 1) + ":" : "-".repeat(width);
}
