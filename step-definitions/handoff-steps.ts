import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

import { type DataTable, Given } from "@cucumber/cucumber";

import { packageFolder } from "../runner/platform/environment/package-folder.ts";
import type { ExperimentWorld } from "./support/world.ts";

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

function exampleOf(name: string): string {
  return readFileSync(path.join(packageFolder(), "docs/examples/handoffs", name), "utf8");
}
