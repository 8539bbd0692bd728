import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { confinePath } from "./confine-path.ts";
import { defineTool } from "./tool.ts";

const ENTRIES_MAX = 500;
const DEPTH_MAX = 12;
const SKIPPED = new Set([".git", "node_modules"]);

/** Lists a folder with everything below it, without following links. */
export const listFiles = defineTool({
  name: "list_files",
  description: `List the files below a folder of the working directory, at most ${ENTRIES_MAX}. Folders end in a slash. The contents of .git and node_modules are left out.`,
  input: z.strictObject({
    path: z.string().default(".").describe("The folder, relative to the working directory."),
  }),
  run: async ({ path }, { folder }) => {
    const found: string[] = [];
    const isWhole = await collect(await confinePath(folder, path), "", found);
    if (found.length === 0) return "(empty)";
    return [...found, ...(isWhole ? [] : [`… more than ${ENTRIES_MAX} entries or too deep`])].join(
      "\n",
    );
  },
});

/** Adds the entries below a folder; false if the limits left some out. */
async function collect(root: string, below: string, found: string[]): Promise<boolean> {
  const entries = await readdir(join(root, below), { withFileTypes: true });
  let isWhole = true;
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (found.length >= ENTRIES_MAX) return false;
    const name = below === "" ? entry.name : `${below}/${entry.name}`;
    found.push(entry.isDirectory() ? `${name}/` : name);
    if (!entry.isDirectory() || SKIPPED.has(entry.name)) continue;
    const isShallow = name.split("/").length < DEPTH_MAX;
    isWhole = isShallow && (await collect(root, name, found)) && isWhole;
  }
  return isWhole;
}
