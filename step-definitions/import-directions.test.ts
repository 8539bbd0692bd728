import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";
import { z } from "zod";

import { readMarkdown } from "./documents/read-markdown.ts";

/** Folders that may import everything of their parent, and that nothing of the product imports. */
const NOT_LAYERED = ["bench", "test-support"];

const Lint = z.object({
  overrides: z.array(
    z.object({
      files: z.array(z.string()),
      rules: z.object({
        "no-restricted-imports": z
          .tuple([
            z.literal("error"),
            z.object({ patterns: z.tuple([z.object({ regex: z.string() })]) }),
          ])
          .optional(),
      }),
    }),
  ),
});

/** Whether lint rejects an import of a folder in a file of another one. The last of several overrides holds. */
function isRejected(parent: string, from: string, to: string): boolean {
  const { overrides } = Lint.parse(JSON.parse(readFileSync(".oxlintrc.json", "utf8")));
  const own = overrides.filter(
    ({ files, rules }) =>
      rules["no-restricted-imports"] !== undefined &&
      (files.includes(`${parent}/${from}/**`) || files.includes(`${parent}/**`)),
  );
  const pattern = own.at(-1)?.rules["no-restricted-imports"]?.[1].patterns[0].regex;
  if (pattern === undefined) throw new Error(`Lint restricts no imports of ${parent}/${from}.`);
  return new RegExp(pattern).test(`../${to}/file.ts`);
}

/** The folders of the table in CONTRIBUTING.md that has a folder of this name, row by row. */
function layersWith(folder: string): string[][] {
  const rows = new Map<number, string>();
  for (const { kind, line, text } of readMarkdown(readFileSync("CONTRIBUTING.md", "utf8"))) {
    if (kind === "cell" && !rows.has(line)) rows.set(line, text);
  }
  const found = [...rows].map(([line, cell]) => ({
    line,
    folders: [...cell.matchAll(/`([^`/]+)\/`/g)].map(([, name = ""]) => name),
  }));
  const start = found.findIndex(({ folders }) => folders.includes(folder));
  const layers: string[][] = [];
  for (const [index, { line, folders }] of found.slice(start).entries()) {
    if (line !== (found[start]?.line ?? 0) + index) break;
    layers.push(folders);
  }
  return layers;
}

test.each([
  { parent: "reports", first: "text" },
  { parent: "runner", first: "yaml" },
])("lint allows what CONTRIBUTING.md says of $parent/, and nothing else", ({ parent, first }) => {
  const layers = layersWith(first);
  const wrong = layers.flatMap((folders, row) =>
    folders.flatMap((from) =>
      layers.flatMap((others, otherRow) =>
        others
          .filter((to) => to !== from && isRejected(parent, from, to) !== otherRow > row)
          .map((to) => `${from} imports ${to}`),
      ),
    ),
  );
  expect(wrong).toEqual([]);
});

test.each([
  { parent: "reports", first: "text" },
  { parent: "runner", first: "yaml" },
])("CONTRIBUTING.md lists every folder of $parent/", ({ parent, first }) => {
  const folders = readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !NOT_LAYERED.includes(entry.name))
    .map(({ name }) => name);
  expect(layersWith(first).flat().toSorted()).toEqual(folders.toSorted());
});

test("product code imports no file that only tests or benchmarks use", () => {
  const files = execFileSync("git", ["ls-files", "ledger", "reports", "runner"], {
    encoding: "utf8",
  });
  const product = files
    .split("\n")
    .filter((file) => /\.c?ts$/.test(file) && !/\.test\.ts$|\/(?:bench|test-support)\//.test(file));
  expect(product).toContain("runner/cli/create-program.ts");
  const wrong = product.filter((file) =>
    /(?:from|import\() ?"\.[^"]*\/(?:bench|test-support)\//.test(readFileSync(file, "utf8")),
  );
  expect(wrong).toEqual([]);
});
