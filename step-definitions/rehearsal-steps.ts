import assert from "node:assert/strict";
import { existsSync, globSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { threadId } from "node:worker_threads";

import { AfterAll, Given, Then, When } from "@cucumber/cucumber";

import { findExecutable } from "../runner/platform/processes/find-executable.ts";
import { addRow } from "./support/corrections.ts";
import { useRehearsal } from "./support/kept-rehearsal.ts";
import { runKept } from "./support/kept-runs.ts";
import { keepLedger } from "./support/lab.ts";
import { finalRows } from "./support/ledger-windows.ts";
import { reportText } from "./support/report-files.ts";
import { COMMAND, runProcess } from "./support/run-process.ts";
import { smallExperiment } from "./support/small-experiment.ts";
import type { ExperimentWorld } from "./support/world.ts";

/** The same for every example, so that the run that leaves them is made once. */
const WORKSPACES = path.join(
  tmpdir(),
  `counterbalance-clean-${String(process.pid)}-${String(threadId)}`,
);

Given(
  "the rehearsal has been run where proxies lead nowhere and no key is set",
  async function (this: ExperimentWorld) {
    this.last = await useRehearsal(this);
  },
);

Given("bubblewrap is installed", async function () {
  if ((await findExecutable("bwrap", process.env["PATH"])) !== undefined) return undefined;
  // Elsewhere the example is skipped by name; here it would never be noticed.
  assert.notEqual(process.env["CI"], "true", "Bubblewrap (bwrap) is not on the PATH.");
  return "skipped";
});

Given(
  "a finished experiment of two windows, its workspaces kept",
  async function (this: ExperimentWorld) {
    this.write("experiment.yaml", smallExperiment());
    await runKept(this, `--workspace-root ${WORKSPACES}`);
    assert.equal(this.last.exitCode, 0, this.last.stderr);
    keepLedger(this);
    // What an earlier example cleaned away is laid out again.
    for (const { window, workspace } of this.rowsOf("windows", "window_opened")) {
      const name = path.join(String(workspace), `${String(window)}-1-spec00`);
      if (workspacesOf(String(window)).length === 0) mkdirSync(name, { recursive: true });
    }
  },
);

Given("the ledger has no end of the second window", async function (this: ExperimentWorld) {
  const [, second] = this.rowsOf("windows", "window_finalized");
  await addRow(this, "windows", { record: "row_undone", undoes: second?.id });
});

When(
  "the first experiment is asked for with {string}",
  async function (this: ExperimentWorld, line: string) {
    const [first] = experimentIds(this);
    await this.run(`${line} --experiment ${String(first)}`);
  },
);

Then("it prints the path of a report that exists", function (this: ExperimentWorld) {
  const file = /^Report: (.+\.md)$/mu.exec(this.last.stdout)?.[1] ?? "none";
  assert.ok(existsSync(this.file(file)), file);
});

Then(
  "8 windows are final, 4 of each provider, all of them graded",
  function (this: ExperimentWorld) {
    const rows = finalRows(this);
    const counts = Object.groupBy(rows, ({ provider }) => provider);
    assert.deepEqual([rows.length, counts["large"]?.length, counts["small"]?.length], [8, 4, 4]);
    assert.ok(rows.every(({ quality, scenarios }) => quality !== null && scenarios.length > 7));
  },
);

Then("it names both experiments on stderr", function (this: ExperimentWorld) {
  const ids = experimentIds(this);
  assert.equal(ids.length, 2);
  assert.ok(this.last.stderr.includes(ids.join(", ")), this.last.stderr);
});

Then(
  "the report says to reproduce it with {string}",
  function (this: ExperimentWorld, line: string) {
    assert.equal(reproductionOf(this), line);
  },
);

Then("that command plans the same experiment", async function (this: ExperimentWorld) {
  const shell = reproductionOf(this).replace("experiment ", '"$@" ');
  const end = await runProcess(this, [
    "/bin/sh",
    "-c",
    `${shell} --dry-run --json`,
    "sh",
    process.execPath,
    COMMAND,
  ]);
  assert.equal(JSON.parse(end.stdout).experiment_id, experimentIds(this)[0], end.stderr);
});

Then("the workspaces that are left are of {string}", function (windows: string) {
  const left = workspacesOf("W").map((name) => name.slice(0, "W0-01".length));
  assert.equal(left.toSorted().join(", "), windows);
});

AfterAll(function () {
  rmSync(WORKSPACES, { recursive: true, force: true });
});

function workspacesOf(start: string): readonly string[] {
  return globSync(path.join(WORKSPACES, "*", "*"))
    .flatMap((folder) => readdirSync(folder))
    .filter((name) => name.startsWith(start));
}

/** In the order of their registration. */
function experimentIds(world: ExperimentWorld): readonly string[] {
  const rows = world.rowsOf("experiments", "experiment_registered");
  return rows.map((row) => String(row["experiment_id"]));
}

/** The first line of the report's last block of code. */
function reproductionOf(world: ExperimentWorld): string {
  return reportText(world).split("```sh\n").at(-1)?.split("\n", 1)[0] ?? "";
}
