import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";

import { Given, Then, When } from "@cucumber/cucumber";

import { atLeastOne } from "./support/at-least-one.ts";
import { spentOf } from "./support/ledger-figures.ts";
import { finalRows } from "./support/ledger-windows.ts";
import { isTerminalHere, runOnTerminal } from "./support/terminal.ts";
import type { ExperimentWorld } from "./support/world.ts";

const CELLS = 20;
const ESCAPE = "\u001B[";
/** Codes of the terminal that choose a colour; others make text bold. */
const COLOUR = new RegExp(String.raw`\u001B\[(?:3|4|9|10)\d`, "u");
const RED_BAR = `${ESCAPE}31m[####################]${ESCAPE}39m`;

Given("a terminal", async function (this: ExperimentWorld) {
  return (await isTerminalHere()) ? undefined : "skipped";
});

When(
  /^I run "([^"]+)" on the terminal(?: and press Ctrl-C at "([^"]+)")?$/u,
  async function (this: ExperimentWorld, line: string, question: string | undefined) {
    const args = line.replace(/^experiment /, "");
    const typed = question ? [{ at: question, text: "\u0003" }] : [];
    this.last = await runOnTerminal(this, args, ...typed);
  },
);

Then(
  "the bar of {string} is {string}",
  function (this: ExperimentWorld, name: string, bar: string) {
    assert.equal(barOf(this, name), bar);
  },
);

Then(
  "the bar of {string} begins with {string} and ends with the tokens used",
  function (this: ExperimentWorld, name: string, start: string) {
    assert.equal(barOf(this, name), `${start} ${thousands(spentOf(this))} used (uncached)`);
  },
);

Then(
  "the bar of {string} is full, with the share of {int} tokens that was really used",
  function (this: ExperimentWorld, name: string, limit: number) {
    const spent = spentOf(this);
    const percent = (Math.floor((spent / limit) * 1000) / 10).toFixed(1);
    const amounts = `(${thousands(spent)} / ${thousands(limit)} uncached)`;
    assert.ok(spent > limit);
    assert.equal(barOf(this, name), `[${"#".repeat(CELLS)}] ${percent} % ${amounts}`);
  },
);

Then(
  "the bar of {string} has as many of its {int} cells filled as its percentage says",
  function (this: ExperimentWorld, name: string, cells: number) {
    const [, filled, empty, percent] = /^\[(#*)(-*)\] ([\d.]+) %/.exec(barOf(this, name)) ?? [];
    assert.equal(`${filled}${empty}`.length, cells);
    assert.equal(filled?.length, Math.floor((Number(percent) / 100) * cells));
  },
);

Then("it prints a red bar and no other colour", function (this: ExperimentWorld) {
  this.isExitCodeSeen = true;
  assert.ok(this.last.stdout.includes(RED_BAR), this.last.stdout);
  const plain = this.last.stdout.replaceAll(RED_BAR, "");
  assert.ok(!COLOUR.test(plain), plain);
});

Then("it prints a bar without any colour", function (this: ExperimentWorld) {
  this.isExitCodeSeen = true;
  assert.ok(this.last.stdout.includes(`[${"#".repeat(CELLS)}]`), this.last.stdout);
  assert.ok(!this.last.stdout.includes(ESCAPE), this.last.stdout);
});

Then(
  "the terminal has shown a window at work, a bar of {string} and one of {string}, and {string} before {string}",
  function (this: ExperimentWorld, first: string, second: string, earlier: string, later: string) {
    assertAtWork(this);
    assertBars(this, first, second);
    assertBefore(this, earlier, later);
  },
);

function assertAtWork(world: ExperimentWorld): void {
  const [final] = finalRows(world);
  const row = `W0-01  working +\\d+ s  ${final?.provider}  /implement lru-cache`;
  assert.match(shown(world), new RegExp(row, "u"));
}

function assertBars(world: ExperimentWorld, first: string, second: string): void {
  const names = [first, second].filter((name) =>
    new RegExp(`^  ${name} +\\[#*-+\\] [\\d.]+ %`, "m").test(shown(world)),
  );
  assert.deepEqual(names, [first, second], shown(world));
}

function assertBefore(world: ExperimentWorld, earlier: string, later: string): void {
  const [first, second] = [earlier, later].map((text) => shown(world).indexOf(text));
  assert.ok(first !== -1 && second !== undefined && (first ?? 0) < second, shown(world));
}

Then("every window's start and end is a line on stderr", function (this: ExperimentWorld) {
  const told = this.last.stderr
    .split("\n")
    .map((line) => /^\S+Z (?<said>W0-\d+ \w+)/.exec(line)?.groups?.["said"]);
  for (const { window } of atLeastOne(finalRows(this))) {
    assert.ok(told.includes(`${window} started`) && told.includes(`${window} ended`));
  }
});

function shown(world: ExperimentWorld): string {
  return stripVTControlCharacters(world.last.stdout).replaceAll("\r", "");
}

function barOf(world: ExperimentWorld, name: string): string {
  const line = world.last.stdout.split("\n").find((text) => text.startsWith(`  ${name}  `));
  return (line ?? "").trim().slice(name.length).trim();
}

function thousands(tokens: number): string {
  return `${(tokens / 1000).toFixed(1)}K`;
}
