/** A task whose solution has five mutants. One of them is not a fault: both branches give the limit then. */
export const CUT_TASK = {
  "task.yaml": `id: cut
title: Numbers are cut at a limit
language: typescript
stratum: small
solution: [src/]
acceptance: { kind: cucumber, paths: [acceptance/] }
timeout_s: 900
tokens_max: 120000
deterministic: true
`,
  "feature.feature": `Feature: Numbers are cut at a limit
  Scenario: A number above the limit
    Then 5 cut at 3 is 3
`,
  "workspace/package.json": '{ "exports": "./src/cut.ts" }',
  "workspace/src/cut.ts": 'export const cut = () => { throw new Error("not built yet"); };',
  "solution/src/cut.ts": `export function cut(number: number, most: number): number {
  return number > most ? most : number;
}
`,
  "acceptance/held-out.feature": `Feature: Numbers are cut at a limit, held out
  Scenario: A number below the limit
    Then 2 cut at 3 is 2
`,
  "acceptance/cut.steps.mjs": `import assert from "node:assert/strict";
import { Then } from "@cucumber/cucumber";

Then("{int} cut at {int} is {int}", async function (number, most, result) {
  assert.equal(await this.solution.call("cut", number, most), result);
});
`,
};
