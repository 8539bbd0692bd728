import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

import { type DataTable, Given } from "@cucumber/cucumber";

import { packageFolder } from "../runner/platform/environment/package-folder.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given("the example {string} of a handoff", function (this: ExperimentWorld, name: string) {
  this.write(name, exampleOf(name));
});

Given(
  "the example {string} of a handoff with {string} for {string}",
  function (this: ExperimentWorld, name: string, text: string, old: string) {
    const example = exampleOf(name);
    assert.ok(example.includes(old), `${name} lacks ${old}`);
    this.write(name, example.replace(old, text));
  },
);

Given(
  "the example {string} of a handoff with its finding twice",
  function (this: ExperimentWorld, name: string) {
    const [finding = ""] = /^ {2}- number: (?:.|\n)+?(?=^---$)/mu.exec(exampleOf(name)) ?? [];
    assert.notEqual(finding, "");
    this.write(name, exampleOf(name).replace(finding, finding + finding));
  },
);

Given(
  "the review {string} of the findings:",
  function (this: ExperimentWorld, name: string, table: DataTable) {
    const place = { file: "src/lru-cache.mjs", line: 5, finding: "…", reproduction: "…", fix: "…" };
    const findings = table
      .hashes()
      .map(({ number, ...named }) => ({ number: Number(number), ...named, ...place }));
    const [head = ""] = exampleOf("review.md").split(/^findings:/mu);
    this.write(name, `${head}findings: ${JSON.stringify(findings)}\n---\n`);
  },
);

Given("the shipped workflow in {string}", function (this: ExperimentWorld, name: string) {
  const shipped = path.join(packageFolder(), "docs/examples/team.yaml");
  this.write(name, readFileSync(shipped, "utf8"));
});

function exampleOf(name: string): string {
  return readFileSync(path.join(packageFolder(), "docs/examples/handoffs", name), "utf8");
}
