import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

import { Given, Then, When } from "@cucumber/cucumber";
import { z } from "zod";

import { packageFolder } from "../runner/platform/environment/package-folder.ts";
import { COMMAND, runProcess } from "./support/run-process.ts";
import type { ExperimentWorld } from "./support/world.ts";

const CACHE = "npm-cache";
const Package = z.looseObject({ engines: z.looseObject({ node: z.string().regex(/^>=\d+$/u) }) });

Given("an empty npm cache", function (this: ExperimentWorld) {
  this.variables["npm_config_cache"] = this.file(CACHE);
  this.variables["npm_config_update_notifier"] = "false";
});

When(
  /^I start the built program on (?:Node (\S+)|the oldest Node that package.json allows)$/u,
  async function (this: ExperimentWorld, version: string | undefined) {
    const text = readFileSync(path.join(packageFolder(), "package.json"), "utf8");
    const { engines } = Package.parse(JSON.parse(text));
    await startOn(this, version ?? `${engines.node.replace(">=", "")}.0.0`);
  },
);

Then("npm's cache holds no package", function (this: ExperimentWorld) {
  assert.ok(this.exists(CACHE), "npm has not used this cache.");
  assert.equal(this.exists(`${CACHE}/_npx`), false);
});

/** Starts it on this Node, which claims to be another version. */
async function startOn(world: ExperimentWorld, version: string): Promise<void> {
  const versions = JSON.stringify({ node: version });
  world.write(
    "other-node.cjs",
    `Object.defineProperty(process, "versions", { value: { ...process.versions, ...${versions} } });\n`,
  );
  const args = ["--require", world.file("other-node.cjs"), COMMAND, "--version"];
  world.last = await runProcess(world, [process.execPath, ...args]);
}
