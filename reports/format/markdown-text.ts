import { toPlainLine } from "./plain-text.ts";

/**
 * Text of others as markdown that shows it as it is, in a table's cell or a sentence. An underscore
 * inside a word is left alone: it marks nothing, and ids stay readable.
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

/** A command line as code; backticks inside it are fenced by longer ones. */
export function markdownCode(lines: readonly string[]): string {
  const text = lines.map(toPlainLine).join("\n");
  const longest = Math.max(2, ...[...text.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}sh\n${text}\n${fence}`;
}
