import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

import { type Argument, type Expression, parseSync, Visitor } from "oxc-parser";
import { expect, test } from "vitest";

/** Here a function gets the fields that it uses, one by one. */
const WITHOUT_BAGS = /^runner\/(?:\w+\/)?(?:cluster|proxy|session|windows)\//;
/** A copy of data in which one value differs is no bag. */
const CHANGED_COPIES = [
  "chooseRoute(...request)",
  "resultOf(...output)",
  "this.#write(...last)",
  "usageOfClaudeCounts(...prompt)",
  "usageOfClaudeCounts(...this.#others)",
  "usageOfClaudeCounts(...this.#prompt)",
];
/** Spreads in all other product code: most of them copy data. The number may only fall. */
const ELSEWHERE_MAX = 161;
/** The definitions of commands name their code, and the code names its definition. */
const DRAWN_TOGETHER = /^runner\/cli\//;

const FILES = execFileSync("git", ["ls-files", "ledger", "reports", "runner"], {
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => /\.c?ts$/.test(file))
  .filter((file) => !/\.test\.ts$|\/(?:bench|browser|test-support)\//.test(file))
  .map((file) => {
    const text = readFileSync(file, "utf8");
    return { file, text, parsed: parseSync(file, text) };
  });

type SourceFile = (typeof FILES)[number];

/** `open(...run)` for `open({ ...run, journal })`: the function gets all of `run`, whatever it uses. */
function bagsIn({ text, parsed }: SourceFile): readonly string[] {
  const found: string[] = [];
  const textOf = ({ start, end }: Expression) => text.slice(start, end);
  const look = (callee: Expression, given: readonly Argument[]) => {
    const name = textOf(callee);
    if (!/^(?:this\.#)?\w+$/.test(name)) return;
    for (const object of given) {
      if (object.type !== "ObjectExpression") continue;
      for (const property of object.properties) {
        if (property.type !== "SpreadElement") continue;
        const spread = textOf(property.argument);
        // Defaults are constants, and constants have capitals.
        if (/^[\w.#]+$/.test(spread) && !/^[A-Z_]+$/.test(spread))
          found.push(`${name}(...${spread})`);
      }
    }
  };
  new Visitor({
    CallExpression: ({ callee, arguments: given }) => look(callee, given),
    NewExpression: ({ callee, arguments: given }) => look(callee, given),
  }).visit(parsed.program);
  return found;
}

test("functions of a session, its windows, its proxy and its workers get no bag of options", () => {
  const bags = FILES.filter(({ file }) => WITHOUT_BAGS.test(file)).flatMap(bagsIn);
  expect([...new Set(bags)].toSorted()).toEqual(CHANGED_COPIES);
});

test("no more variables are spread into the arguments of other functions", () => {
  const bags = FILES.filter(({ file }) => !WITHOUT_BAGS.test(file)).flatMap((source) =>
    bagsIn(source).map((bag) => `${source.file}: ${bag}`),
  );
  expect(bags.length > ELSEWHERE_MAX ? bags : []).toEqual([]);
});

/** What a file imports of the product: at its start, for its types, and by `import()` while it runs. */
function importsOf({ file, text, parsed }: SourceFile): readonly string[] {
  const { staticImports, staticExports, dynamicImports } = parsed.module;
  const requests = [
    ...staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
    ...dynamicImports.map(({ moduleRequest: { start, end } }) => text.slice(start + 1, end - 1)),
  ];
  return requests
    .filter((request) => request.startsWith("."))
    .map((request) => path.join(path.dirname(file), request));
}

/** All files that a file leads to. */
function reach(start: string, imports: ReadonlyMap<string, readonly string[]>): Set<string> {
  const reached = new Set<string>();
  const open = [...(imports.get(start) ?? [])];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    open.push(...(imports.get(file) ?? []));
  }
  return reached;
}

test("no file leads back to itself, also by import()", () => {
  const imports = new Map(FILES.map((source) => [source.file, importsOf(source)]));
  expect(imports.get("ledger/index.ts")).toContain("ledger/store/store.ts");
  const circles = [...imports.keys()].filter((file) => reach(file, imports).has(file));
  expect(circles.filter((file) => !DRAWN_TOGETHER.test(file))).toEqual([]);
});
