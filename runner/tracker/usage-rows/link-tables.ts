import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

import { TrackerUsageError } from "../windows/tracker-errors.ts";

const START = "<!-- counterbalance: ledgers -->";
const END = "<!-- /counterbalance -->";
/** A block of code, which only shows what it has. One that nothing ends goes to the end of the page. */
const CODE = /^[ \t]*(?<fence>`{3,}|~{3,})[^`\n]*\n(?:[^]*?^[ \t]*\k<fence>[`~]*\s*?$|[^]*)/gmu;

/**
 * Writes the paths of files between two markers of a page, and leaves the rest as it is. A page without the
 * markers gets them at its end.
 * @throws TrackerUsageError if there is no page, or if its markers are not one pair.
 */
export function linkTables(page: string, files: readonly string[]): void {
  if (!existsSync(page)) {
    throw new TrackerUsageError(
      `--handoff ${page}: expected a text file, got none. Make it first, with or without the lines ${START} and ${END}.`,
    );
  }
  if (!statSync(page).isFile()) {
    throw new TrackerUsageError(
      `--handoff ${page}: expected a text file, got a folder. Name a file in it.`,
    );
  }
  const text = readFileSync(page, "utf8");
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const paths = files.map((file) => `- \`${path.relative(path.dirname(page), file)}\``);
  const block = [START, ...paths, END].join(eol);
  const draft = `${page}.${String(process.pid)}`;
  writeFileSync(draft, replaceBlock(text, { block, eol, page }));
  renameSync(draft, page);
}

function replaceBlock(
  text: string,
  { block, eol, page }: { readonly block: string; readonly eol: string; readonly page: string },
): string {
  const prose = text.replaceAll(CODE, (code) => " ".repeat(code.length));
  const [starts, ends] = [START, END].map((marker) => prose.split(marker).length - 1);
  if (starts === 0 && ends === 0) {
    const isEnded = text === "" || text.endsWith(eol);
    return `${text}${isEnded ? "" : eol}${block}${eol}`;
  }
  const [from, to] = [prose.indexOf(START), prose.indexOf(END)];
  if (starts !== 1 || ends !== 1 || to < from) {
    throw new TrackerUsageError(
      `--handoff ${page}: expected one line ${START} before one line ${END}, got ${String(starts)} and ${String(ends)}. Keep one pair.`,
    );
  }
  return text.slice(0, from) + block + text.slice(to + END.length);
}
