import { type Argument, type Expression, Visitor } from "oxc-parser";
import { expect, test } from "vitest";

import { productFiles, type SourceFile } from "./documents/product-files.ts";

/** Here a function gets the fields that it uses, one by one. */
const WITHOUT_BAGS =
  /^runner\/(?:gateway\/(?:proxy|traffic)|experiment\/(?:cluster|serving|session|spending|windows))\//;
const FILES = productFiles();
/** A copy of data in which one value differs is not a bag. */
const CHANGED_COPIES = [
  "billingOf(...billing)",
  "chooseRoute(...request)",
  "resultOf(...output)",
  "this.#write(...last)",
  "usageOfClaudeCounts(...prompt)",
  "usageOfClaudeCounts(...this.#others)",
  "usageOfClaudeCounts(...this.#prompt)",
];
/** Spreads in all other product code: most of them copy data. The number may only fall. */
const ELSEWHERE_MAX = 134;

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
