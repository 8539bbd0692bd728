import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { expect, test } from "vitest";

import { temporaryFolder } from "../platform/test-support/temporary-folder.ts";
import { loadVariants } from "../tasks/bank/load-variants.ts";
import type { GherkinTask } from "../tasks/bank/task.ts";
import { readTaskScript } from "./read-task-script.ts";

const VISIBLE = `Feature: Slugs for titles
  Rule: Words are joined
    Example: Two words
      When "Two words" is made a slug
      Then the slug is "two-words"
  Scenario Outline: Letters <KIND>
    When <KIND> letters are made a slug
    Examples:
      | KIND  |
      | upper |
      | lower |
`;
const HELD_OUT = `Feature: Slugs for titles, held out
  Example: No words at all
    When "" is made a slug
`;

function makeTask(files: Readonly<Record<string, string>>): GherkinTask {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return {
    kind: "gherkin",
    id: "slugify",
    title: "Slugs",
    language: "typescript",
    stratum: "small",
    folder,
    featureText: VISIBLE,
    solutionPaths: ["src/"],
    acceptancePaths: ["acceptance/"],
    timeoutS: 60,
    tokensMax: 1000,
    isDeterministic: true,
    digest: "0".repeat(64),
  };
}

test("a task's script has all its scenarios and its solutions, the reference first", () => {
  const task = makeTask({
    "acceptance/held-out.feature": HELD_OUT,
    "acceptance/steps/slugify-steps.mjs": "export {};\n",
    "solution/src/slugify.mjs": "right\n",
    "solution/src/words/join.mjs": "joined\n",
    "variants/variants.yaml": 'variants:\n  - { name: no-words, fails: ["No words at all"] }\n',
    "variants/no-words/src/slugify.mjs": "wrong\n",
  });
  expect(readTaskScript(task, loadVariants(task))).toEqual({
    featureId: "slugify",
    title: "Slugs for titles",
    scenarios: ["Two words", "Letters upper", "Letters lower", "No words at all"],
    variants: [
      {
        name: "solution",
        fails: [],
        files: { "src/slugify.mjs": "right\n", "src/words/join.mjs": "joined\n" },
      },
      { name: "no-words", fails: ["No words at all"], files: { "src/slugify.mjs": "wrong\n" } },
    ],
  });
});
