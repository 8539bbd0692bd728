import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

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
  { parent: "runner", first: "platform" },
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
  { parent: "runner", first: "platform" },
])("CONTRIBUTING.md lists every folder of $parent/", ({ parent, first }) => {
  const folders = readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !NOT_LAYERED.includes(entry.name))
    .map(({ name }) => name);
  expect(layersWith(first).flat().toSorted()).toEqual(folders.toSorted());
});

function productFiles(): string[] {
  const files = execFileSync("git", ["ls-files", "ledger", "reports", "runner"], {
    encoding: "utf8",
  });
  return files
    .split("\n")
    .filter((file) => /\.c?ts$/.test(file) && !/\.test\.ts$|\/(?:bench|test-support)\//.test(file));
}

test("product code imports no file that only tests or benchmarks use", () => {
  const product = productFiles();
  expect(product).toContain("runner/cli/create-program.ts");
  const wrong = product.filter((file) =>
    /(?:from|import\() ?"\.[^"]*\/(?:bench|test-support)\//.test(readFileSync(file, "utf8")),
  );
  expect(wrong).toEqual([]);
});

/** What a module names: imports of values and of types, and those at run time. */
const IMPORT = /(?:\bfrom|\bimport\(|^import) ?"(?<target>\.{1,2}\/[^"]+)"/gmu;

function productImports(): (readonly [from: string, to: string])[] {
  return productFiles().flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(IMPORT)].map(
      ({ groups }) =>
        [file, path.posix.join(path.posix.dirname(file), groups?.["target"] ?? "")] as const,
    ),
  );
}

/** What lies directly in a folder of the repository, as each of its imports sees it. */
function neighbours(folder: string, imports: (readonly [string, string])[]) {
  const place = (file: string) => file.slice(folder.length + 1).split("/")[0] ?? "";
  const graph = new Map<string, Set<string>>();
  for (const [from, to] of imports) {
    if (!from.startsWith(`${folder}/`) || !to.startsWith(`${folder}/`)) continue;
    const [a, b] = [place(from), place(to)];
    if (a !== b) graph.set(a, (graph.get(a) ?? new Set()).add(b));
  }
  return graph;
}

/** All that a node leads to. */
function reach(graph: Map<string, Set<string>>, start: string): Set<string> {
  const found = new Set<string>();
  const open = [start];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const next of graph.get(node) ?? []) {
      if (!found.has(next)) open.push(next);
      found.add(next);
    }
  }
  return found;
}

test("no folders import each other in a circle, at any level, at run time neither", () => {
  const imports = productImports();
  const folders = new Set(
    productFiles().flatMap((file) => {
      const parts = path.posix.dirname(file).split("/");
      return parts.map((_, end) => parts.slice(0, end + 1).join("/"));
    }),
  );
  const circles = [...folders].flatMap((folder) => {
    const graph = neighbours(folder, imports);
    return [...graph.keys()]
      .filter((node) => folders.has(`${folder}/${node}`) && reach(graph, node).has(node))
      .map((node) => `${folder}/${node}`);
  });
  // TODO: these two come with the next merges.
  expect(circles.filter((each) => !/^runner\/cli|^reports\/statistics/.test(each))).toEqual([]);
});
