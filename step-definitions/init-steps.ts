import { Given } from "@cucumber/cucumber";
import { execa } from "execa";

import type { ExperimentWorld } from "./support/world.ts";

const AUTHOR = ["-c", "user.name=user", "-c", "user.email=user@example.com"];

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
