import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";

import { Given, Then, type DataTable } from "@cucumber/cucumber";
import { stringify } from "yaml";

import { williamsRows } from "../reports/statistics/randomisation/draw-williams.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import { shortBank } from "./support/short-bank.ts";
import type { ExperimentWorld } from "./support/world.ts";

const PROFILE = { output_tokens: 300, output_spread: 0, tokens_per_second: 10_000_000 };

Given(
  /^an experiment of (the whole|that) bank with the providers "(.*)"$/u,
  function (this: ExperimentWorld, which: string, names: string) {
    const bank = which === "that" ? "bank" : shortBank();
    this.write("experiment.yaml", severalProviders(bank, names));
  },
);

Given("the bank's tasks say:", function (this: ExperimentWorld, table: DataTable) {
  for (const { TASK, FACT, VALUE } of table.hashes()) {
    appendFileSync(
      this.file(`bank/${String(TASK)}/task.yaml`),
      `${String(FACT)}: ${String(VALUE)}\n`,
    );
  }
});

Then(
  "every matched set of the plan has the providers {string}, in sequences of one Williams design",
  function (this: ExperimentWorld, names: string) {
    assertSets(this, names);
    assertWilliams(this);
  },
);

function assertSets(world: ExperimentWorld, names: string): void {
  const sets = setsIn(world);
  assert.equal(sets.length, 4);
  for (const { providers } of sets) {
    assert.deepEqual(providers.toSorted(), names.split(", "));
  }
}

function assertWilliams(world: ExperimentWorld): void {
  const sequences = atLeastOne(setsIn(world)).map(({ sequence }) => sequence);
  const designs = permutations(["A", "B", "C"]).map((labels) =>
    williamsRows(labels.length).map((row) => row.map((arm) => labels[arm]).join("")),
  );
  assert.equal(new Set(sequences).size, sequences.length);
  assert.ok(designs.some((rows) => sequences.every((sequence) => rows.includes(sequence))));
}

function severalProviders(bank: string, names: string): string {
  const ids = names.split(", ");
  return stringify({
    name: "several",
    tasks: { bank },
    upstreams: { models: { scripted: Object.fromEntries(ids.map((id) => [id, PROFILE])) } },
    providers: Object.fromEntries(
      ids.map((id) => [id, { driver: "builtin-agent", model: id, upstream: "models" }]),
    ),
  });
}

interface AssignedUnit {
  readonly providers: readonly string[];
  readonly sequence: string;
}

function setsIn(world: ExperimentWorld): readonly AssignedUnit[] {
  return JSON.parse(world.last.stdout).registration.assignments;
}

function permutations<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  );
}
