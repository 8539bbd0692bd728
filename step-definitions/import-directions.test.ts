import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { expect, test } from "vitest";
import { z } from "zod";

import { importsOf, productFiles } from "./documents/product-files.ts";
import { readMarkdown } from "./documents/read-markdown.ts";

const PRODUCT = productFiles();
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
])(
  "lint allows what CONTRIBUTING.md says about $parent/, and nothing else",
  ({ parent, first }) => {
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
  },
);

test.each([
  { parent: "reports", first: "text" },
  { parent: "runner", first: "platform" },
])("CONTRIBUTING.md lists every folder of $parent/", ({ parent, first }) => {
  const folders = readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !NOT_LAYERED.includes(entry.name))
    .map(({ name }) => name);
  expect(layersWith(first).flat().toSorted()).toEqual(folders.toSorted());
});

test("product code imports no file that only tests or benchmarks use", () => {
  const wrong = PRODUCT.filter((source) =>
    importsOf(source).some((file) => /\/(?:bench|test-support)\//.test(file)),
  );
  expect(wrong.map(({ file }) => file)).toEqual([]);
});

/** What each node leads to, by one step. */
type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** The nodes that lead back to themselves. */
function circlesIn(graph: Graph): string[] {
  const reach = (start: string) => {
    const found = new Set<string>();
    const open = [start];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (const next of graph.get(node) ?? []) {
        if (!found.has(next)) open.push(next);
        found.add(next);
      }
    }
    return found;
  };
  return [...graph.keys()].filter((node) => reach(node).has(node));
}

/** The entries of a folder, and which of them import which others. */
function insideOf(folder: string, files: Graph): Graph {
  const place = (file: string) => file.slice(folder.length + 1).split("/")[0] ?? "";
  const inside = [...files].filter(([file]) => file.startsWith(`${folder}/`));
  const graph = new Map<string, Set<string>>();
  for (const [file, imported] of inside) {
    const from = place(file);
    const targets = [...imported].filter((target) => target.startsWith(`${folder}/`)).map(place);
    const known = graph.get(from) ?? new Set();
    graph.set(from, known.union(new Set(targets.filter((target) => target !== from))));
  }
  return graph;
}

function foldersOf(file: string): string[] {
  const parts = path.posix.dirname(file).split("/");
  return parts.map((_, end) => parts.slice(0, end + 1).join("/"));
}

test("no file and no folder leads back to itself, also by import()", () => {
  const files = new Map(PRODUCT.map((source) => [source.file, new Set(importsOf(source))]));
  expect(files.get("ledger/index.ts")).toContain("ledger/store/store.ts");
  const folders = new Set([...files.keys()].flatMap(foldersOf));
  const circles = [...folders].flatMap((folder) =>
    circlesIn(insideOf(folder, files)).map((name) => `${folder}/${name}`),
  );
  expect(circles).toEqual([]);
});
