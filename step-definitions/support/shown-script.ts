import { readFileSync } from "node:fs";
import path from "node:path";

import { packageFolder } from "../../runner/platform/environment/package-folder.ts";

/** The first block of shell commands below a heading of a page in `docs/`. */
export function shownScript(page: string, heading: string): string {
  const text = readFileSync(path.join(packageFolder(), "docs", page), "utf8");
  const below = text.slice(text.indexOf(`\n## ${heading}\n`));
  const script = /^```sh$\n(?<script>.*?)^```$/msu.exec(below)?.groups?.["script"];
  if (script === undefined) throw new Error(`${page} shows no commands below "${heading}".`);
  return script;
}
