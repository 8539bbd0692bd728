/** The cells of a line, as they are written. */
export function cellsOf(line) {
  const cells = [""];
  for (const [token] of line.trim().matchAll(/\\.|./g)) {
    if (token === "|") cells.push("");
    else cells.push(cells.pop() + token);
  }
  // Pipes at the ends separate nothing.
  if (cells.length > 1 && cells[0] === "") cells.shift();
  if (cells.length > 1 && cells.at(-1) === "") cells.pop();
  return cells.map((cell) => cell.trim());
}
