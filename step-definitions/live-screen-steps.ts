import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { Given, Then, When } from "@cucumber/cucumber";

import { SessionEvent } from "../runner/cli/display/events.ts";
import { LiveTerminal } from "./support/live-terminal.ts";
import { waitUntil } from "./support/wait-until.ts";
import type { ExperimentWorld } from "./support/world.ts";

const terminals = new WeakMap<ExperimentWorld, LiveTerminal>();

function terminalOf(world: ExperimentWorld): LiveTerminal {
  const terminal = terminals.get(world);
  assert.ok(terminal !== undefined, "No command runs on a terminal.");
  return terminal;
}

Given(
  /^"experiment ([^"]+)" runs on a terminal of (\d+) columns and (\d+) rows(?: with (\w+))?$/u,
  function (
    this: ExperimentWorld,
    line: string,
    columns: string,
    rows: string,
    variable: string | undefined,
  ) {
    const own = variable === undefined ? {} : { [variable]: "1" };
    terminals.set(this, new LiveTerminal(this, line.split(" "), { columns, rows, ...own }));
  },
);

Then("the screen shows {string}", async function (this: ExperimentWorld, text: string) {
  await terminalOf(this).until(patternOf(text));
});

/** "…" matches anything. */
function patternOf(text: string): RegExp {
  return new RegExp(text.split("…").map(literal).join(".*"), "u");
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
}

When("I resize it to {int} columns", async function (this: ExperimentWorld, columns: number) {
  const terminal = terminalOf(this);
  const from = terminal.shown.length;
  terminal.resize(columns, 24);
  await terminal.until(/left/u, from);
});

Then(
  "no line was wider than {int} columns since",
  async function (this: ExperimentWorld, max: number) {
    const terminal = terminalOf(this);
    const from = terminal.shown.findIndex(({ columns }) => columns === max);
    assert.ok(from >= 0);
    assert.equal(await terminal.end(), 0);
    assert.ok(terminal.widest(from) <= max, String(terminal.widest(from)));
  },
);

Then(
  "it ends on the terminal with exit code {int}",
  async function (this: ExperimentWorld, code: number) {
    assert.equal(await terminalOf(this).end(), code, terminalOf(this).output);
  },
);

Then(
  "it ends on the terminal with exit code {int}, at most {int} lines and nothing of the progress",
  async function (this: ExperimentWorld, code: number, max: number) {
    const terminal = terminalOf(this);
    await terminal.until(/^Report: \S+\.md$/u);
    assert.equal(await terminal.end(), code, terminal.output);
    const lines = (terminal.shown.at(-1)?.lines ?? []).filter((line) => line !== "");
    const end = lines.slice(lines.findLastIndex((line) => line.endsWith(" final")) + 1);
    assert.match(end[0] ?? "", /^Is small cheaper than large, and as good\? /u, lines.join("\n"));
    assert.ok(end.length <= max, lines.join("\n"));
  },
);

Then("nothing on the terminal was coloured", function (this: ExperimentWorld) {
  const { output } = terminalOf(this);
  assert.ok(output.length > 0);
  assert.equal(stripStyles(output), output);
});

function stripStyles(text: string): string {
  return text.replaceAll(new RegExp(String.raw`${"\u001B"}\[[\d;]*m`, "gu"), "");
}

const HIDDEN = "\u001B[?25l";
const SHOWN = "\u001B[?25h";

When("I press Ctrl-Z", async function (this: ExperimentWorld) {
  const terminal = terminalOf(this);
  terminal.type("\u001A");
  await waitUntil(() => stateOf(terminal.pid) === "T");
});

function stateOf(pid: number): string {
  const status = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
  return status.slice(status.lastIndexOf(")") + 2)[0] ?? "";
}

Then(
  "the terminal has its cursor again, and it continues in the foreground",
  async function (this: ExperimentWorld) {
    await assertCursor(this);
    await continueInForeground(this);
  },
);

async function assertCursor(world: ExperimentWorld): Promise<void> {
  const terminal = terminalOf(world);
  await waitUntil(() => terminal.output.lastIndexOf(SHOWN) > terminal.output.lastIndexOf(HIDDEN));
}

async function continueInForeground(world: ExperimentWorld): Promise<void> {
  const terminal = terminalOf(world);
  const from = terminal.shown.length;
  terminal.signal("SIGCONT");
  await terminal.until(/left/u, from);
}

Given(
  "Ctrl-C ends it on the terminal with exit code {int}",
  async function (this: ExperimentWorld, code: number) {
    const terminal = terminalOf(this);
    terminal.type("\u0003");
    assert.equal(await terminal.end(), code, terminal.output);
  },
);

Then("each line of progress on stderr begins with its time", function (this: ExperimentWorld) {
  const lines = this.last.stderr.split("\n").filter((line) => /\bW0-\d\d\b/u.test(line));
  assert.ok(lines.length >= 4, this.last.stderr);
  for (const line of lines) assert.match(line, /^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z W0-\d\d /u);
});

Then(
  "each line on stdout is an event of docs\\/events.schema.json, from {word} to {word}",
  function (this: ExperimentWorld, first: string, last: string) {
    const events = this.last.stdout
      .trim()
      .split("\n")
      .map((line) => SessionEvent.parse(JSON.parse(line)));
    const names = events.map(({ event }) => event);
    assert.equal(names[0], first);
    assert.equal(names.at(-1), last);
    const all = ["window_started", "phase_began", "window_ended"];
    for (const name of all) assert.ok(names.includes(name), name);
  },
);
