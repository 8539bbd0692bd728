import assert from "node:assert/strict";

import { Given, Then, When } from "@cucumber/cucumber";
import { execa } from "execa";

import { PROVIDER_KEY } from "./support/provider-key.ts";
import { runOnTerminal } from "./support/terminal.ts";
import { waitUntil } from "./support/wait-until.ts";
import type { ExperimentWorld } from "./support/world.ts";

const FILE = "experiment.yaml";
const AUTHOR = ["-c", "user.name=user", "-c", "user.email=user@example.com"];

Given(
  "the environment has {word} {string}",
  function (this: ExperimentWorld, name: string, value: string) {
    this.variables[name] = value;
  },
);

Given(
  "the environment variables {string} and {string} hold keys",
  function (this: ExperimentWorld, one: string, other: string) {
    for (const name of [one, other]) this.variables[name] = PROVIDER_KEY;
  },
);

Given(
  "a repository of the user's with tests of {string} and {int} commits",
  async function (this: ExperimentWorld, _: string, commits: number) {
    this.write(
      "package.json",
      JSON.stringify({ type: "module", scripts: { test: "node --test" } }),
    );
    await commitAll(this, "Begin the project", ["init", "-q"]);
    for (let index = 1; index < commits; index += 1) {
      const name = `add${String(index)}`;
      const source = `export function ${name}(number) {\n  return number + ${String(index)};\n}\n`;
      this.write(`src/${name}.js`, source);
      const lines = [
        'import assert from "node:assert";',
        'import { test } from "node:test";',
        `import { ${name} } from "../src/${name}.js";`,
        `test("${name} adds", () => assert.equal(${name}(1), ${String(index + 1)}));`,
      ];
      this.write(`test/${name}.test.js`, `${lines.join("\n")}\n`);
      await commitAll(
        this,
        `Add the function ${name} of src/${name}.js, which adds ${String(index)}`,
      );
    }
  },
);

Given("a repository of the user's without tests", async function (this: ExperimentWorld) {
  this.write("notes.txt", "notes\n");
  await commitAll(this, "Write some notes", ["init", "-q"]);
});

When(
  "I run {string} on the terminal and press Ctrl-C at {string}",
  async function (this: ExperimentWorld, line: string, question: string) {
    const typed = { at: question, text: "\u0003" };
    this.last = await runOnTerminal(this, line.replace(/^experiment /, ""), typed);
  },
);

When(
  "I run {string} and interrupt it at its second task",
  async function (this: ExperimentWorld, line: string) {
    this.start(line);
    await waitUntil(
      () => this.running?.printed().split("Proving ").length === 3,
      () => this.running?.printed() ?? "",
    );
    this.running?.interrupt();
    await this.finish();
  },
);

Then("the experiment file says {string}", function (this: ExperimentWorld, text: string) {
  assert.ok(this.read(FILE).includes(text), this.read(FILE));
});

Then("there is no experiment file", function (this: ExperimentWorld) {
  assert.equal(this.exists(FILE), false);
});

async function commitAll(
  world: ExperimentWorld,
  message: string,
  ...before: readonly (readonly string[])[]
): Promise<void> {
  const commit = [...AUTHOR, "commit", "-q", "-m", message];
  for (const args of [...before, ["add", "."], commit]) {
    await execa("git", args, { cwd: world.folder, env: { HOME: world.folder } });
  }
}
