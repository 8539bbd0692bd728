/** The cells of a line, as they are written. */
export function cellsOf(line) {
  const cells = line.trim().split("|").slice(1, -1);
  return cells.map((cell) => cell.trim());
}
