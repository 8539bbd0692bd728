import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";

import { Given, When } from "@cucumber/cucumber";
import { execa } from "execa";

import { SMALL_PANE } from "./support/manual-work.ts";
import { HANG_MS } from "./support/wait-until.ts";
import type { ExperimentWorld } from "./support/world.ts";

const shells = new WeakMap<ExperimentWorld, string>();

Given(
  "the aliases of {word} are loaded with the current window {string}",
  async function (this: ExperimentWorld, shell: string, window: string) {
    const { failed } = await execa(shell, ["-c", "true"], { reject: false });
    if (failed) {
      assert.notEqual(process.env["CI"], "true", `Install ${shell}.`);
      return "skipped";
    }
    shells.set(this, shell);
    this.write("pane.txt", SMALL_PANE);
    await this.run(`experiment aliases --shell ${shell}`);
    this.write("aliases", this.last.stdout);
    await this.run(`experiment window start ${window}`);
    assert.equal(this.last.exitCode, 0, this.last.stderr);
    return undefined;
  },
);

When(
  "the lines run in that shell, whose PATH has no experiment:",
  async function (this: ExperimentWorld, lines: string) {
    const end = await execa(shells.get(this) ?? "sh", ["-c", `source ./aliases\n${lines}`], {
      cwd: this.folder,
      env: { ...this.variables, HOME: this.folder, PATH: pathWithoutProgram() },
      extendEnv: false,
      reject: false,
      timeout: HANG_MS,
    });
    const { exitCode = 1, stdout, stderr } = end;
    this.last = { exitCode, stdout, stderr };
  },
);

function pathWithoutProgram(): string {
  return (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .filter((folder) => !existsSync(path.join(folder, "experiment")))
    .join(path.delimiter);
}
