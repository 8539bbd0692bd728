const LINK = /\[Method\]\(method\.md#[a-z-]+\)/u;
/** In the line below a table's head, each column of numbers ends with a colon. */
const RIGHT = /^-+:$/u;

/**
 * What a reader of a Markdown report finds unexplained: a table or a section without a link to the method
 * page, and a column of numbers or a figure without an explanation.
 */
export function unexplainedInMarkdown(text: string): readonly string[] {
  return text.split(/^(?=#{2,} )/mu).flatMap((section) => {
    const [title = ""] = section.split("\n");
    const hasFigures = /\d/u.test(section.replace(title, ""));
    const own = hasFigures && !LINK.test(section) ? [`${title}: no link`] : [];
    const found = tablesOf(section).flatMap(unexplainedInTable);
    return [...own, ...found.map((fault) => `${title}: ${fault}`)];
  });
}

/** The lines of each table, with those up to the next one. */
function tablesOf(section: string): readonly (readonly string[])[] {
  return section
    .split(/\n\n(?=\|)/u)
    .filter((part) => part.startsWith("|"))
    .map((part) => part.split("\n"));
}

function unexplainedInTable([head = "", line = "", ...rest]: readonly string[]): readonly string[] {
  const titles = cellsOf(head);
  const isRight = cellsOf(line).map((cell) => RIGHT.test(cell));
  if (titles[2] === "What it means") return unexplainedInRows(rest);
  const after = rest.filter((row) => !row.startsWith("|"));
  const bare = titles.filter(
    (title, index) =>
      isRight[index] === true && !after.some((row) => row.startsWith(`- ${title}: `)),
  );
  return [
    ...(LINK.test(after.join("\n")) ? [] : [`no link below ${head}`]),
    ...bare.map((title) => `nothing explains the column ${title}`),
  ];
}

function unexplainedInRows(rows: readonly string[]): readonly string[] {
  return rows
    .filter((row) => row.startsWith("|"))
    .filter((row) => !/[a-z][^|]*\[Method\]\(method\.md#[a-z-]+\)\s*\|$/u.test(row));
}

function cellsOf(row: string): readonly string[] {
  return row
    .split(/(?<!\\)\|/u)
    .slice(1, -1)
    .map((cell) => cell.trim());
}
