import { markdownTable as alignTable } from "markdown-table";

import { cellsOf, type Columns } from "./plain-table.ts";
import { toPlainLine } from "./plain-text.ts";

const ROWS_SHOWN = 200;

/**
 * A table of cells that are escaped already. A heading that ends in a colon is aligned to the right,
 * as `---:` is in Markdown. A long table shows its first rows only.
 */
export function markdownTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  whereAll = "`experiment report --json` has all.",
): readonly string[] {
  const table = alignTable(
    [headings.map((heading) => heading.replace(/:$/u, "")), ...rows.slice(0, ROWS_SHOWN)],
    { align: headings.map((heading) => (heading.endsWith(":") ? "r" : "l")) },
  );
  if (rows.length <= ROWS_SHOWN) return [table];
  return [table, `… and ${rows.length - ROWS_SHOWN} more rows. ${whereAll}`];
}

/**
 * Escapes foreign text so that a table cell or a sentence in Markdown shows it unchanged. An underscore
 * inside a word stays as it is: Markdown ignores it there, and ids stay readable.
 */
export function escapeMarkdown(text: string): string {
  return toPlainLine(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/[\\`*[\]|~]/gu, String.raw`\$&`)
    .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, String.raw`\_`)
    .replaceAll("://", ":&#47;/");
}

/** The same at the start of a paragraph or an item, where a line could also begin a list or a heading. */
export function escapeBlock(text: string): string {
  return escapeMarkdown(text)
    .replace(/^[#+=-]/u, String.raw`\$&`)
    .replace(/^(\d+)([.)])/u, String.raw`$1\$2`);
}

/** Command lines as a code block, whose fence is longer than any run of backticks inside. */
export function markdownCode(lines: readonly string[]): string {
  const text = lines.map(toPlainLine).join("\n");
  const longest = Math.max(2, ...[...text.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}sh\n${text}\n${fence}`;
}

/** The same with a row for each item; `none` stands for a table without rows. */
export function tableOf<Item>(
  items: readonly Item[],
  columns: Columns<Item>,
  none: string | null = null,
): readonly string[] {
  if (items.length === 0 && none !== null) return [none];
  const [head = [], ...rows] = cellsOf(items, columns);
  return markdownTable(head, rows);
}
