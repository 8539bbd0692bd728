/** How columns are aligned: the second line of a table, by its cells. */
export function alignmentsOf(cells) {
  return cells.map((cell) => {
    if (!/^:?-+:?$/.test(cell)) throw new SyntaxError(`"${cell}" aligns no column`);
    if (!cell.endsWith(":")) return cell.startsWith(":") ? "left" : "none";
    return cell.startsWith(":") ? "middle" : "right";
  });
}

/** A cell of the second line. */
export function ruleOf(alignment, width) {
  const begin = alignment === "left" || alignment === "middle" ? ":" : "-";
  const end = alignment === "right" || alignment === "middle" ? ":" : "-";
  return begin + "-".repeat(width - 2) + end;
}
