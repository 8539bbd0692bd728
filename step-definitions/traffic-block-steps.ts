import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

import { Given, Then } from "@cucumber/cucumber";

import { packageFolder } from "../runner/platform/environment/package-folder.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import { requestRows } from "./support/ledger-windows.ts";
import { reportRows } from "./support/report-files.ts";
import type { ExperimentWorld } from "./support/world.ts";

/** As the guide writes it. */
const LINE =
  /^ {2}(\S+) +routed_to_(\S+)=(\d+)% \(prompts=(\d+)\), latency=(\d+) ms p50 \/ (\d+) ms p95, errors=(\d+\.\d)%$/;

Given(
  "the product's example {string} as {string}",
  function (this: ExperimentWorld, example: string, file: string) {
    const shipped = path.join(packageFolder(), "docs", "examples", example);
    this.write(file, readFileSync(shipped, "utf8"));
  },
);

Then(
  "its block {string} shows share, prompts, latency and errors of {int} backends of {string}, as the ledger's rows do",
  function (this: ExperimentWorld, title: string, backends: number, provider: string) {
    assertBackends(this, title, backends, provider);
    assertFigures(this);
  },
);

function assertBackends(
  world: ExperimentWorld,
  title: string,
  backends: number,
  provider: string,
): void {
  const lines = blockOf(world.last.stdout, title).map((line) => LINE.exec(line)?.[1]);
  assert.deepEqual(
    lines,
    Array.from({ length: backends }, () => provider),
  );
}

function assertFigures(world: ExperimentWorld): void {
  for (const line of atLeastOne(blockOf(world.last.stdout, "Subagent Proxy:"))) {
    const [, provider, backend, share, prompts] = LINE.exec(line) ?? [];
    const rows = requestRows(world).filter((row) => row.provider === provider);
    const routed = rows.filter((row) => row.backend_provider === backend);
    assert.equal(Number(prompts), routed.length);
    assert.equal(Number(share), Math.round((100 * routed.length) / rows.length));
  }
}

Then("the report has the same figures", function (this: ExperimentWorld) {
  const rows = reportRows(this);
  for (const line of atLeastOne(blockOf(this.last.stdout, "Subagent Proxy:"))) {
    const [, provider, backend, share, prompts, p50, p95, errors] = LINE.exec(line) ?? [];
    const shown = [provider, backend, `${share} %`, prompts, p50, p95, `${errors} %`].join(" | ");
    assert.ok(
      rows.some((cells) => cells.join(" | ") === shown),
      shown,
    );
  }
});

/** The indented lines below a title. */
function blockOf(text: string, title: string): readonly string[] {
  const lines = text.split("\n");
  const start = lines.indexOf(title) + 1;
  assert.ok(start > 0, text);
  const end = lines.findIndex((line, index) => index >= start && !line.startsWith("  "));
  return lines.slice(start, end === -1 ? undefined : end);
}
