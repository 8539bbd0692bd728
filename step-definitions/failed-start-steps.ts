import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";

import { Given, Then, When } from "@cucumber/cucumber";
import { parseCommandString } from "execa";

import { listenOnLoopback } from "../runner/platform/http/listen-on-loopback.ts";
import { HarnessProcess } from "./support/harness-process.ts";
import { allowReadingOnly, allowWriting, canReaderRun } from "./support/run-as-reader.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given("its state folder can be read and not written to", function (this: ExperimentWorld) {
  if (!canReaderRun()) return "skipped";
  for (const name of [".gitignore", ".gitattributes"]) this.write(`.experiment/${name}`, "");
  const names = ["state", "ledger", "captures", "reports"];
  for (const name of names) mkdirSync(this.file(`.experiment/${name}`));
  allowReadingOnly(this, ".experiment/state");
  for (const name of names.slice(1)) allowWriting(this, `.experiment/${name}`);
  return undefined;
});

Then("it says one line on stderr, with {string}", function (this: ExperimentWorld, text: string) {
  const [line = "", ...others] = this.last.stderr.trimEnd().split("\n");
  assert.deepEqual(others, []);
  assert.ok(line.startsWith("experiment: ") && line.includes(text), line);
});

When(
  /^a (proxy|receiver of OpenTelemetry) is started on a port of another program(?:, with "(.*)")?$/u,
  async function (this: ExperimentWorld, what: string, options: string | undefined) {
    const port = await takenPort(this);
    if (what === "proxy") {
      const args = ["proxy", "--port", port, ...parseCommandString(options ?? "")];
      this.last = await new HarnessProcess(args, this).ended();
    } else {
      await this.run(`experiment ingest otlp --listen 127.0.0.1:${port} --window W0-07`);
    }
  },
);

async function takenPort(world: ExperimentWorld): Promise<string> {
  const other = createServer();
  const { port } = new URL(await listenOnLoopback(other));
  world.cleanups.push(() => void other.close());
  return port;
}
