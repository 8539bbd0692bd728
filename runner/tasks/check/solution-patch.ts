/** The lines that a patch adds. */
export function linesAdded(patch: string): readonly string[] {
  return changedLines(patch, "+");
}

/** The lines that a patch adds and removes, and its files. */
export function sizeOfPatch(patch: string): { readonly lines: number; readonly files: number } {
  return {
    lines: changedLines(patch, "+").length + changedLines(patch, "-").length,
    files: patch.split("\n").filter((line) => line.startsWith("diff --git ")).length,
  };
}

/** A header of a file looks like a changed line. It comes before the first hunk of its file. */
function changedLines(patch: string, sign: "+" | "-"): readonly string[] {
  const lines: string[] = [];
  let isInHunk = false;
  for (const line of patch.split("\n")) {
    if (line.startsWith("diff --git ")) isInHunk = false;
    else if (line.startsWith("@@ ")) isInHunk = true;
    else if (isInHunk && line.startsWith(sign)) lines.push(line.slice(1));
  }
  return lines;
}

const LINE_LENGTH_MIN = 15;
const LINES_MAX = 2;

/** Whether a statement gives the solution away: a patch, or several of the lines that the solution adds. */
export function containsDiff(statement: string, patch: string): boolean {
  if (/^(?:diff --git |@@ -\d|\+\+\+ b\/)/mu.test(statement)) return true;
  const said = new Set(statement.split("\n").map((line) => line.trim()));
  const code = linesAdded(patch)
    .map((line) => line.trim())
    .filter((line) => line.length >= LINE_LENGTH_MIN);
  const quoted = code.filter((line) => said.has(line)).length;
  return quoted > LINES_MAX || (quoted > 0 && quoted * 2 >= code.length);
}
