import { markdownTable as alignTable } from "markdown-table";

import { toPlainLine } from "./plain-text.ts";

/**
 * A table of cells that are escaped already. A heading that ends in a colon is aligned to the right,
 * as `---:` is in Markdown.
 */
export function markdownTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  return alignTable([headings.map((heading) => heading.replace(/:$/u, "")), ...rows], {
    align: headings.map((heading) => (heading.endsWith(":") ? "r" : "l")),
  });
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
