import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

import { Given, Then } from "@cucumber/cucumber";

import type { NewRow } from "../ledger/domain/row.ts";
import { addRow } from "./support/corrections.ts";
import { PROVIDER_KEY } from "./support/experiment-file.ts";
import { finalRows } from "./support/ledger-windows.ts";
import { useOwnUpstream } from "./support/own-upstream.ts";
import type { ExperimentWorld } from "./support/world.ts";

const RED = "\u001B[31m";
/** An entry by this name gives each object of the program a property, if it is merged carelessly. */
const POISON = `"__proto__":{"poisoned":true},"constructor":{"prototype":{"poisoned":true}}`;

Given(
  "the file {string} says {string} on line {int}",
  function (this: ExperimentWorld, file: string, text: string, line: number) {
    const lines = this.read(file).split("\n");
    this.write(file, lines.with(line - 1, text).join("\n"));
  },
);

Given(
  "the file {string} has {int} times {string} on line {int}",
  function (this: ExperimentWorld, file: string, count: number, text: string, line: number) {
    const lines = this.exists(file) ? this.read(file).split("\n") : [""];
    this.write(file, lines.with(line - 1, text.repeat(count)).join("\n"));
  },
);

Given(
  "a small experiment whose model answers with keys of prototypes and control codes",
  async function (this: ExperimentWorld) {
    const usage = `{${POISON},"input_tokens":10,"output_tokens":20}`;
    const start = `{${POISON},"type":"message_start","message":{${POISON},"id":"msg_1","type":"message","role":"assistant","model":"${String.raw`\u001b[2J`}constructor","content":[],"usage":${usage}}}`;
    const end = `{"type":"message_delta","delta":{${POISON},"stop_reason":"end_turn"},"usage":${usage}}`;
    await useOwnUpstream(this, (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(`data: ${start}\n\ndata: ${end}\n\ndata: {"type":"message_stop"}\n\n`);
    });
  },
);

Given(
  "the ledger has an anomaly with keys of prototypes and control codes",
  async function (this: ExperimentWorld) {
    const [{ experiment_id, window } = { experiment_id: "", window: "" }] = finalRows(this);
    const known = { experiment_id, window, touches: [window], kind: `odd${RED} <b>` };
    const text = JSON.stringify({ record: "anomaly_recorded", ...known, action: "=cmd()" });
    const row: NewRow = JSON.parse(`${text.slice(0, -1)},"observed":{${POISON}},${POISON}}`);
    await addRow(this, "anomalies", row);
  },
);

Then(
  /^it writes no control codes on (stdout|stderr)$/u,
  function (this: ExperimentWorld, stream: "stdout" | "stderr") {
    assert.equal(this.last[stream], stripVTControlCharacters(this.last[stream]));
  },
);

Then("no object has got a new property", function () {
  const fresh: Readonly<Record<string, unknown>> = {};
  assert.equal(fresh["poisoned"], undefined);
});

Then("the capture of the first window holds no key", function (this: ExperimentWorld) {
  const captures = globSync(this.file(".experiment/captures/*/W0-01-*.jsonl"));
  assert.equal(captures.length, 1);
  const [file = ""] = captures;
  const capture = this.read(file.slice(this.folder.length + 1));
  assert.ok(!capture.includes(PROVIDER_KEY), capture);
  assert.match(capture, /^own key: \*+$/mu);
});
