import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";

import { Then } from "@cucumber/cucumber";

import type { ExperimentWorld } from "./support/world.ts";

Then("the grader wrote nothing into the agent's folders", function (this: ExperimentWorld) {
  const [opened] = this.rowsOf("windows", "window_opened");
  const root = String(opened?.["workspace"]);
  // Paths here can be too long for Node.
  const wanted = ["-name", "held-out.feature", "-o", "-path", "*/elsewhere/*"];
  assert.equal(execFileSync("find", [root, ...wanted], { encoding: "utf8" }), "");
  // The folders of sealing and grading are gone.
  assert.deepEqual(
    readdirSync(root).filter((name) => !name.startsWith("W0-")),
    [],
  );
});
