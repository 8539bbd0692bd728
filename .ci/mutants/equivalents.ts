import { readFileSync } from "node:fs";
import path from "node:path";

import { type AreaMutant, functionOf } from "./mutated-copy.ts";

/** The page that names the mutants which change nothing that a caller can see. */
const PAGE = path.join(import.meta.dirname, "equivalents.md");

const COMPARED_CHARS = 45;

/** Whether a mutant is one that no test can kill: the page names its file, its function and its change. */
export function readEquivalents(): (mutant: AreaMutant) => boolean {
  const named = new Set<string>();
  let file = "";
  for (const line of readFileSync(PAGE, "utf8").split("\n")) {
    file = /^## `(?<file>[^`]+)`$/u.exec(line)?.groups?.["file"] ?? file;
    const cells = line.split(/(?<!\\)\|/u).map(plain);
    if (cells.length === 6) named.add([file, ...cells.slice(1, 4)].join("\0"));
  }
  return (mutant) =>
    named.has([mutant.file, functionOf(mutant), mutant.from, mutant.to].map(one).join("\0"));
}

function plain(cell: string): string {
  return one(
    cell
      .trim()
      .replace(/^`(?<code>.*)`$/u, "$<code>")
      .replaceAll("\\|", "|"),
  );
}

/** Cells are cut and have one line. */
function one(code: string): string {
  return code.replaceAll(/\s+/gu, " ").replace(/…$/u, "").slice(0, COMPARED_CHARS);
}
