import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";

import { type DataTable, Given, Then, When } from "@cucumber/cucumber";

import type { LedgerFile } from "../ledger/domain/ledger-file.ts";
import { tokensIn } from "../ledger/domain/token-basis.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import { gitIn } from "./support/git-facts.ts";
import { keepLedger, labOf, ledgerText } from "./support/lab.ts";
import { finalRows } from "./support/ledger-windows.ts";
import {
  anomalyLines,
  capacityLines,
  codexPane,
  meterLines,
  momentOf,
  previewByHand,
  SMALL_PANE,
  takeSnapshot,
} from "./support/manual-work.ts";
import { rowsCalled } from "./support/rows-named.ts";
import { assertTaken } from "./support/succeeded.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given(
  /^codex (is|was) read (\w+) "([^"]*)" at "([^"]*)"(?: with "([^"]*)")?:$/u,
  // oxlint-disable-next-line max-params -- one for each of the sentence
  async function (
    this: ExperimentWorld,
    tense: string,
    phase: string,
    window: string,
    time: string,
    options: string | undefined,
    pane: DataTable,
  ) {
    const words = [phase, "codex", "--window", window, "--at", momentOf(time)];
    await takeSnapshot(this, [...words, ...(options ? [options] : [])], codexPane(pane));
    if (tense === "was") assertTaken(this);
  },
);

When(
  /^(\w+) (shows|showed) (before|after) "([^"]*)" at "([^"]*)":$/u,
  // oxlint-disable-next-line max-params -- one for each of the sentence
  async function (
    this: ExperimentWorld,
    source: string,
    tense: string,
    phase: string,
    window: string,
    time: string,
    pane: string,
  ) {
    await takeSnapshot(this, [phase, source, "--window", window, "--at", momentOf(time)], pane);
    if (tense === "showed") assertTaken(this);
  },
);

Given(
  "the window {string} was completed with {string}",
  async function (this: ExperimentWorld, window: string, options: string) {
    await this.run(`experiment complete --window ${window} ${options}`);
    assert.equal(this.last.exitCode, 0, this.last.stderr);
    keepLedger(this);
  },
);

Given("codex worked these windows:", async function (this: ExperimentWorld, windows: DataTable) {
  for (const {
    WINDOW = "",
    FEATURE = "",
    BEFORE = "",
    AFTER = "",
    QUALITY = "",
  } of windows.hashes()) {
    await this.run(
      `experiment snapshot before codex --window ${WINDOW} --at 2025-10-19T10:00:00Z --time-zone UTC`,
      `10:00\n${weeklyPane(BEFORE)}`,
    );
    // The clock on the screen makes an unmoved meter another pane.
    await this.run(
      `experiment snapshot after codex --window ${WINDOW} --at 2025-10-19T11:00:00Z --time-zone UTC`,
      `11:00\n${weeklyPane(AFTER)}`,
    );
    await this.run(
      `experiment complete --window ${WINDOW} --feature ${FEATURE} --quality ${QUALITY} --outcome pass --methodology by-hand --commit-start 1a2b3c4 --commit-end 5d6e7f8`,
    );
    assert.equal(this.last.exitCode, 0, this.last.stderr);
  }
});

Given("{string} was undone", async function (this: ExperimentWorld, what: string) {
  await this.run("experiment undo");
  assert.ok(this.last.stdout.includes(what), this.last.stdout + this.last.stderr);
  keepLedger(this);
});

Given(
  /^(?:the last row|row (\d+)) of "(.*)" was undone$/u,
  async function (this: ExperimentWorld, number: string | undefined, name: string) {
    const { id = "none" } = rowsCalled(this, name).at(number ? Number(number) - 1 : -1) ?? {};
    await this.run(`experiment undo --id ${id}`);
    assertTaken(this);
  },
);

Given("a repository with two commits", async function (this: ExperimentWorld) {
  const commit = ["-c", "user.name=a", "-c", "user.email=a@b.invalid", "commit", "-q", "-a", "-m"];
  this.write("project/one.txt", "one\ntwo\n");
  await gitIn(this.file("project"), ["init", "--quiet"]);
  await gitIn(this.file("project"), ["add", "."]);
  await gitIn(this.file("project"), [...commit, "first"]);
  this.write("project/one.txt", "one\nthree\nfour\n");
  await gitIn(this.file("project"), [...commit, "second"]);
});

Given(
  "a repository whose second commit renames a file and adds an image",
  async function (this: ExperimentWorld) {
    const commit = ["-c", "user.name=a", "-c", "user.email=a@b.invalid", "commit", "-q", "-m"];
    const project = this.file("project");
    this.write("project/one.txt", "one\ntwo\nthree\n");
    await gitIn(project, ["init", "--quiet"]);
    await gitIn(project, ["add", "."]);
    await gitIn(project, [...commit, "first"]);
    await gitIn(project, ["mv", "one.txt", "two.txt"]);
    this.write("project/two.txt", "one\ntwo\nthree\nfour\n");
    this.write("project/image.png", "\u0000\u0001\n");
    await gitIn(project, ["add", "."]);
    await gitIn(project, [...commit, "second"]);
  },
);

Then("it prints a row {string}", function (this: ExperimentWorld, cells: string) {
  const lines = this.last.stdout.split("\n").map((line) => line.trim().replaceAll(/ +/gu, " "));
  assert.ok(lines.includes(cells), this.last.stdout);
});

When(
  /^I undo the (first|last|last but one) row of "(\w+)"(?: by its first (\d+) characters)?$/u,
  async function (
    this: ExperimentWorld,
    which: string,
    file: LedgerFile,
    characters: string | undefined,
  ) {
    const place = { first: 0, last: -1 }[which] ?? -2;
    const id = this.rows(file).at(place)?.id ?? "none";
    await this.run(`experiment undo --id ${id.slice(0, Number(characters ?? id.length))}`);
  },
);

When(
  "I take the same pane for another provider, window and attempt",
  async function (this: ExperimentWorld) {
    const others = ["W0-07 --provider other", "W0-08", "W0-07 --attempt 2"];
    for (const other of others) {
      await takeSnapshot(this, ["before", "codex", "--window", other], SMALL_PANE);
      assert.equal(this.last.exitCode, 0, this.last.stderr);
    }
  },
);

When(
  "the window {string} is completed with a reason of {int} letters",
  async function (this: ExperimentWorld, window: string, letters: number) {
    const said = `--window ${window} --feature lru-cache --outcome fail`;
    await this.run(`experiment complete ${said} --reason ${"x".repeat(letters)}`);
  },
);

Then(
  "the final row has the commits {word} and {word} of {string}",
  async function (this: ExperimentWorld, start: string, end: string, folder: string) {
    const final = this.rowsOf("windows", "window_finalized").at(-1);
    const hashes = [start, end].map(async (name) =>
      (await gitIn(this.file(folder), ["rev-parse", name])).trim(),
    );
    assert.deepEqual([final?.["commit_start"], final?.["commit_end"]], await Promise.all(hashes));
  },
);

Then(
  "the readings of {string} say:",
  async function (this: ExperimentWorld, window: string, expected: DataTable) {
    const { by_hand: byHand } = await previewByHand(this);
    const pairs = byHand?.snapshots.filter((pair) => pair.window === window) ?? [];
    assert.deepEqual(meterLines(pairs), expected.rows());
  },
);

Then("the capacity is:", async function (this: ExperimentWorld, expected: DataTable) {
  const { by_hand: byHand } = await previewByHand(this);
  assert.deepEqual(capacityLines(byHand?.meters ?? []), expected.rows());
});

Then("the anomalies on record are:", function (this: ExperimentWorld, expected: DataTable) {
  assert.deepEqual(anomalyLines(this), expected.rows());
});

Then("the existing files are unchanged", function (this: ExperimentWorld) {
  const now = ledgerText(this);
  for (const [name, text] of atLeastOne(Object.entries(labOf(this).ledgerBefore ?? {}))) {
    assert.ok(now[name]?.startsWith(text), name);
  }
});

Then(
  "every row says who wrote it, when, how and with which version",
  function (this: ExperimentWorld) {
    const rows = [...this.rows("snapshots"), ...this.rows("windows"), ...this.rows("anomalies")];
    assert.ok(rows.length > 0);
    const stamps = ["id", "record", "schema_version", "tool_version", "agent_id", "h"];
    for (const row of rows) {
      for (const stamp of stamps) assert.match(String(row[stamp]), /\S/, `${row.record}: ${stamp}`);
      assert.match(row.recorded_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.ok(["alias", "override"].includes(row.source), row.source);
    }
  },
);

Then("the last reading has the meters:", function (this: ExperimentWorld, expected: DataTable) {
  const meters = this.rowsOf("snapshots", "snapshot_taken").at(-1)?.["meters"];
  assert.ok(Array.isArray(meters));
  const [columns = []] = expected.raw();
  const lines = meters.map((meter) => columns.map((column) => meterCell(meter, column)));
  assert.deepEqual(lines, expected.rows());
});

Then(
  "{int} of {int} windows count(s)",
  async function (this: ExperimentWorld, valid: number, planned: number) {
    const { ran } = await previewByHand(this);
    assert.deepEqual([ran.windows.valid, ran.windows.planned], [valid, planned]);
  },
);

Then("the final row shows both counts, and counts the proxy's", function (this: ExperimentWorld) {
  const [final] = finalRows(this);
  assert.ok(final !== undefined);
  const { usage, reported_usage: reported, cost } = final;
  assert.equal(reported?.output, 2 * (usage.output ?? 0));
  assert.equal(cost.amount, tokensIn("uncached", usage));
});

function weeklyPane(used: string): string {
  return `Weekly limit: [█] ${used}% used (resets 21:11 on 25 Oct)`;
}

function meterCell(meter: Readonly<Record<string, unknown>>, column: string): string {
  if (column === "METER") return String(meter["name"]);
  const value = meter[column === "RESETS" ? "resets_at" : column.toLowerCase()];
  if (typeof value === "number") return String(value);
  const text = typeof value === "string" ? value : "";
  return column === "RESETS" ? text.slice(0, 16) : text;
}

/** How a text file is written, by the words of the specs. */
const ENCODERS: Readonly<Record<string, (text: string) => Buffer>> = {
  "UTF-8 with a byte order mark": (text) => Buffer.from(`\uFEFF${text}`),
  "UTF-8 with Windows line ends": (text) => Buffer.from(text.replaceAll("\n", "\r\n")),
  "UTF-16 with a byte order mark": (text) => Buffer.from(`\uFEFF${text}`, "utf16le"),
  "big-endian UTF-16 with a byte order mark": (text) =>
    Buffer.from(`\uFEFF${text}`, "utf16le").swap16(),
  "UTF-16": (text) => Buffer.from(text, "utf16le"),
  "ANSI colours": (text) =>
    Buffer.from(text.replaceAll(/(\d+%) (left)/gu, "\u001B[1;32m$1\u001B[0m \u001B[2m$2\u001B[m")),
};

When(
  /^a pane in (.+) is read before "([^"]+)" at "([^"]+)":$/,
  async function (
    this: ExperimentWorld,
    encoding: string,
    window: string,
    time: string,
    pane: string,
  ) {
    const encode = ENCODERS[encoding];
    assert.ok(encode !== undefined, encoding);
    writeFileSync(this.file("pane.txt"), encode(pane));
    await takeSnapshot(
      this,
      ["before", "codex", "--window", window, "--at", momentOf(time), "--file", "pane.txt"],
      "",
    );
  },
);
