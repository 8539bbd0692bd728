import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { appendFileSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";

import { Given, Then } from "@cucumber/cucumber";

import { citedLogs } from "../ledger/domain/cited-work.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import type { ExperimentWorld } from "./support/world.ts";

/** The file that the window's final row cites. */
function logOf(world: ExperimentWorld, window: string): string {
  const rows = world.rowsOf("windows", "window_finalized");
  const [log, ...others] = citedLogs(rows.find((row) => row["window"] === window));
  assert.ok(log !== undefined && others.length === 0, window);
  return world.file(`.experiment/${log.file}`);
}

Given(
  "what the agent of {string} printed was changed",
  function (this: ExperimentWorld, window: string) {
    appendFileSync(logOf(this, window), "more\n");
  },
);

Given(
  "what the agent of {string} printed got line ends of CR LF",
  function (this: ExperimentWorld, window: string) {
    const file = logOf(this, window);
    writeFileSync(file, readFileSync(file, "utf8").replaceAll("\n", "\r\n"));
  },
);

Given(
  "what the agent of {string} printed is gone",
  function (this: ExperimentWorld, window: string) {
    rmSync(logOf(this, window));
  },
);

Then(
  "every file that an agent printed to is cited by a final row",
  function (this: ExperimentWorld) {
    const cited = this.rowsOf("windows", "window_finalized").flatMap(citedLogs);
    const files = globSync("captures/*/W*.jsonl", { cwd: this.file(".experiment") });
    assert.ok(files.length > 4, String(files.length));
    assert.deepEqual(cited.map(({ file }) => file).toSorted(), files.toSorted());
  },
);

Then(
  "the final row of each window cites the file with what its agent printed",
  function (this: ExperimentWorld) {
    for (const row of atLeastOne(this.rowsOf("windows", "window_finalized"))) {
      const [log, ...others] = citedLogs(row);
      const text = readFileSync(this.file(`.experiment/${log?.file ?? ""}`));
      assert.equal(hash("sha256", text), log?.sha256);
      assert.ok(text.length > 0 && others.length === 0);
    }
  },
);
