import { markdownTable } from "markdown-table";

const CODE_FENCE = "```";

/** A page that this folder writes, from its parts. */
export function page(source: string, ...parts: readonly (string | readonly string[])[]): string {
  const note = `<!-- "npm run reference" writes this page from ${source}. -->`;
  return `${[note, ...parts.flat()].join("\n\n")}\n`;
}

/** A heading and its table; nothing without rows. */
export function section(
  heading: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  if (rows.length === 0) return [];
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll("|", String.raw`\|`)));
  return [heading, markdownTable([columns, ...cells])];
}

export function code(text: string): string {
  return `\`${text}\``;
}

export function block(language: string, lines: readonly string[]): string {
  return [`${CODE_FENCE}${language}`, ...lines, CODE_FENCE].join("\n");
}
