import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { appendFileSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";

import { Given, Then } from "@cucumber/cucumber";

import { citedLogs } from "../ledger/domain/cited-work.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import { workOf, logOf } from "./support/kept-evidence.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given(
  /^(the kept work|the log) of "([^"]+)" (was changed|is gone|got line ends of CR LF)$/u,
  function (this: ExperimentWorld, kind: string, window: string, change: string) {
    const file = kind === "the log" ? logOf(this, window) : workOf(this, window);
    if (change === "is gone") rmSync(file);
    else if (change === "was changed") appendFileSync(file, "more\n");
    else writeFileSync(file, readFileSync(file, "utf8").replaceAll("\n", "\r\n"));
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
