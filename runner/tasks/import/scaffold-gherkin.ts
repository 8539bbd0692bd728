/**
 * The files of a new task in Gherkin: a module that greets, with everything that a task needs. It passes
 * `task check` as it is, so that every change can be checked from the first one on.
 */
export function gherkinScaffold(id: string): Readonly<Record<string, string>> {
  return {
    "task.yaml": `# Change these facts, then the other files of this folder. "experiment task check ${id}" says what is missing.
id: ${id}
title: Greets people by name           # one line that says what is built
language: typescript                   # or javascript
stratum: small
solution: [src/]                       # the only paths that are graded
acceptance: { kind: cucumber, paths: [acceptance/] }
timeout_s: 900                         # what one attempt may take
tokens_max: 120000
deterministic: true
`,
    "feature.feature": `Feature: Greeting

  Scenario: A name is greeted
    When "Ada" is greeted
    Then the greeting is "Hello, Ada!"

  Scenario: Nobody is greeted
    When nobody is greeted
    Then the greeting is "Hello!"
`,
    "acceptance/held-out.feature": `Feature: Greeting, held out

  Scenario: Spaces around a name are left out
    When "  Ada " is greeted
    Then the greeting is "Hello, Ada!"
`,
    "acceptance/greeting.steps.mjs": `import assert from "node:assert/strict";

import { Then, When } from "@cucumber/cucumber";

When("{string} is greeted", async function (name) {
  this.greeting = await this.solution.call("greet", name);
});

When("nobody is greeted", async function () {
  this.greeting = await this.solution.call("greet", "");
});

Then("the greeting is {string}", function (greeting) {
  assert.equal(this.greeting, greeting);
});
`,
    "workspace/package.json": `${JSON.stringify({ name: id, type: "module", exports: "./src/greeting.ts" }, null, 2)}\n`,
    "workspace/README.md": `# Greeting

\`greet(name: string): string\` in \`src/greeting.ts\` returns a greeting.
`,
    "workspace/src/greeting.ts": `export function greet(_name: string): string {
  throw new Error("Not written yet.");
}
`,
    "solution/src/greeting.ts": `export function greet(name: string): string {
  const plain = name.trim();
  return plain === "" ? "Hello!" : \`Hello, \${plain}!\`;
}
`,
  };
}
