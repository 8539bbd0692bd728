import { globSync, readFileSync } from "node:fs";

import { AstBuilder, compile, GherkinClassicTokenMatcher, Parser } from "@cucumber/gherkin";
import { IdGenerator } from "@cucumber/messages";
import { parseSync, Visitor } from "oxc-parser";
import { expect, test } from "vitest";

/** Shared steps with tables, not a step for each sentence. */
const DEFINITIONS_MAX = 750;
const KEYWORDS = ["Given", "When", "Then"];

test("there are not too many step definitions", () => {
  expect(patterns().length).toBeLessThanOrEqual(DEFINITIONS_MAX);
});

test("each step definition is used by a scenario", () => {
  const steps = globSync("features/**/*.feature").flatMap(stepsOf);
  const unused = patterns().filter((pattern) => !steps.some((step) => pattern.test(step)));
  expect(unused).toEqual([]);
});

/** What each definition matches, or a little more. */
function patterns(): readonly RegExp[] {
  return globSync("step-definitions/**/*-steps.ts").flatMap((file) => {
    const found: RegExp[] = [];
    new Visitor({
      CallExpression({ callee, arguments: [pattern] }) {
        if (callee.type !== "Identifier" || !KEYWORDS.includes(callee.name)) return;
        if (pattern?.type !== "Literal") throw new Error(`${file}: a step without a pattern.`);
        if ("regex" in pattern) found.push(new RegExp(pattern.regex.pattern, pattern.regex.flags));
        else found.push(roughly(String(pattern.value)));
      },
    }).visit(parseSync(file, readFileSync(file, "utf8")).program);
    return found;
  });
}

/** A Cucumber expression, with anything for a parameter and for an alternative. */
function roughly(expression: string): RegExp {
  const source = expression
    .replaceAll(/\\(.)/gu, "$1")
    .replaceAll(/[.*+?^$|[\]\\]/gu, String.raw`\$&`)
    .replaceAll(/\(([^)]*)\)/gu, "(?:$1)?")
    .replaceAll(/\{\w*\}/gu, ".*")
    .replaceAll(/[^\s/]+(?:\/[^\s/]+)+/gu, ".*");
  return new RegExp(`^${source}$`, "u");
}

/** The texts of a feature's steps, a row of examples each. */
function stepsOf(file: string): readonly string[] {
  const newId = IdGenerator.incrementing();
  const parser = new Parser(new AstBuilder(newId), new GherkinClassicTokenMatcher());
  const pickles = compile(parser.parse(readFileSync(file, "utf8")), file, newId);
  return pickles.flatMap(({ steps }) => steps.map(({ text }) => text));
}
