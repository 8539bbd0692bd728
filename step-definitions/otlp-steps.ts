import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";

import { Given, Then, When } from "@cucumber/cucumber";
import { z } from "zod";

import { sumUsage, Usage } from "../ledger/domain/usage.ts";
import { COMPARED_CLASSES, tokensOf } from "../ledger/invariants/reconcile.ts";
import { encodeProtobuf } from "../runner/gateway/otlp/test-support/encode-protobuf.ts";
import {
  type ReceivedAnswer,
  send,
  type SentRequest,
} from "../runner/gateway/proxy/test-support/send.ts";
import { byHand, runClaude, runCodex } from "./support/agents-by-hand.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import { type RunningCommand, startCommand } from "./support/command-run.ts";
import { labOf } from "./support/lab.ts";
import { finalOfOrder, finalRows } from "./support/ledger-windows.ts";
import { bodyFor, openProxyOf } from "./support/open-proxy.ts";
import { exportsOf } from "./support/otlp-exports.ts";
import { assertSucceeded } from "./support/succeeded.ts";
import { waitUntil } from "./support/wait-until.ts";
import type { ExperimentWorld } from "./support/world.ts";

const FILE = "exports.jsonl";
const JSON_TYPE = { "content-type": "application/json" };
const PROTOBUF = { "content-type": "application/x-protobuf" };
const MANY_BYTES = 20 * 1024 * 1024;

/** Other commands run while a receiver waits. */
const receivers = new WeakMap<ExperimentWorld, RunningCommand>();
/** What a user sets, with exports soon enough for a short session. */
const TELEMETRY = {
  CLAUDE_CODE_ENABLE_TELEMETRY: "1",
  OTEL_LOGS_EXPORTER: "otlp",
  OTEL_METRICS_EXPORTER: "otlp",
  OTEL_METRIC_EXPORT_INTERVAL: "200",
  OTEL_LOGS_EXPORT_INTERVAL: "100",
};

const answers = new WeakMap<ExperimentWorld, ReceivedAnswer>();

Given(
  "a receiver of OpenTelemetry with {string}",
  async function (this: ExperimentWorld, options: string) {
    const args = ["ingest", "otlp", "--listen", "127.0.0.1:0", ...options.split(" ")];
    const running = startCommand(args, { cwd: this.folder, variables: this.variables });
    receivers.set(this, running);
    this.cleanups.push(async () => {
      running.interrupt();
      await running.ended;
    });
    const printed = () => running.printed();
    await waitUntil(() => printed().includes("until Ctrl-C"), printed);
  },
);

When(
  /^an agent sends "([^"]*)"( as protobuf in gzip)?$/u,
  async function (this: ExperimentWorld, said: string, isGzip: string | undefined) {
    for (const { path, value } of exportsOf(said)) {
      const sent = isGzip
        ? await zipped(path, value)
        : { headers: JSON_TYPE, body: JSON.stringify(value) };
      const answer = await sendTo(this, path, sent);
      assert.equal(answer.status, 200, answer.body.toString());
      if (isGzip) assert.equal(answer.body.length, 0);
    }
  },
);

async function zipped(
  path: string,
  value: Readonly<Record<string, unknown>>,
): Promise<SentRequest> {
  const signal = path === "/v1/logs" ? "logs" : "metrics";
  const headers = { ...PROTOBUF, "content-encoding": "gzip" };
  return { headers, body: gzipSync(await encodeProtobuf(signal, value)) };
}

When(
  /^an agent sends ((?:plain|an encoding|half|a list|JSON|a small|traces).*)$/,
  async function (this: ExperimentWorld, fault: string) {
    const make = FAULTS[fault];
    if (make === undefined) throw new Error(`Expected a fault, got ${fault}.`);
    const { path = "/v1/logs", ...sent } = await make();
    answers.set(this, await sendTo(this, path, sent));
  },
);

const [REQUEST] = exportsOf("request r1 100 50").map(({ value }) => value);
const TEXT = JSON.stringify(REQUEST);

interface Fault {
  readonly path?: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer | string;
}

const FAULTS: Readonly<Record<string, () => Fault | Promise<Fault>>> = {
  "plain text": () => ({ headers: { "content-type": "text/plain" }, body: TEXT }),
  "an encoding that nobody knows": () => ({
    headers: { ...JSON_TYPE, "content-encoding": "x-none" },
    body: TEXT,
  }),
  "half an export in protobuf": async () => {
    const bytes = await encodeProtobuf("logs", REQUEST ?? {});
    return { headers: PROTOBUF, body: bytes.subarray(0, bytes.length / 2) };
  },
  "half an export in JSON": () => ({ headers: JSON_TYPE, body: TEXT.slice(0, TEXT.length / 2) }),
  "a list in JSON": () => ({ headers: JSON_TYPE, body: "[]" }),
  "JSON that is called gzip": () => ({
    headers: { ...JSON_TYPE, "content-encoding": "gzip" },
    body: TEXT,
  }),
  "a small gzip of many zeros": () => ({
    headers: { ...JSON_TYPE, "content-encoding": "gzip" },
    body: gzipSync(Buffer.alloc(MANY_BYTES)),
  }),
  traces: () => ({ path: "/v1/traces", headers: JSON_TYPE, body: '{"resourceSpans":[]}' }),
};

Then(
  "{int} and {string} were the answer to what can't be read",
  function (this: ExperimentWorld, status: number, text: string) {
    const answer = answers.get(this);
    assert.equal(answer?.status, status);
    const { message } = JSON.parse(answer?.body.toString() ?? "");
    assert.ok(message.startsWith(text), message);
  },
);

Given(
  "the exports {string} {is} ingested with {string}",
  async function (this: ExperimentWorld, said: string, isDone: boolean, options: string) {
    await ingest(this, said, options);
    if (isDone) assertSucceeded(this);
  },
);

async function ingest(world: ExperimentWorld, said: string, options: string): Promise<void> {
  const lines = exportsOf(said).map(({ value }) => `${JSON.stringify(value)}\n`);
  world.write(FILE, lines.join(""));
  await world.run(`experiment ingest otlp ${FILE} ${options}`);
}

When("the receiver is ended by Ctrl-C", async function (this: ExperimentWorld) {
  const receiver = receivers.get(this);
  if (receiver === undefined) throw new Error("No receiver was opened in this scenario.");
  receiver.interrupt();
  this.last = await receiver.ended;
});

Then(
  "OpenTelemetry says that {word} used {int} of input and {int} of output in {string}",
  async function (
    this: ExperimentWorld,
    provider: string,
    input: number,
    output: number,
    window: string,
  ) {
    const { input_uncached, output: all } = await usedByTelemetry(this, provider, window);
    assert.deepEqual({ input: input_uncached, output: all }, { input, output });
  },
);

When(
  /^a user lets Claude Code send (.+) as (\S+), (delta|cumulative)$/,
  async function (this: ExperimentWorld, signals: string, format: string, temporality: string) {
    await runClaude(this, labOf(this).serverUrl ?? "", {
      ...TELEMETRY,
      OTEL_LOGS_EXPORTER: signals.includes("logs") ? "otlp" : "none",
      OTEL_METRICS_EXPORTER: signals.includes("metrics") ? "otlp" : "none",
      OTEL_EXPORTER_OTLP_PROTOCOL: format,
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: temporality,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiverOf(this),
    });
    assert.equal(byHand(this).exitCode, 0, byHand(this).output);
  },
);

When(
  /^a user lets Codex send logs as (json|binary)$/,
  async function (this: ExperimentWorld, format: string) {
    const target = `{endpoint="${receiverOf(this)}/v1/logs",protocol="${format}"}`;
    const settings = [`otel.exporter={otlp-http=${target}}`, "otel.log_user_prompt=false"];
    await runCodex(this, `${labOf(this).serverUrl ?? ""}/v1`, settings);
    assert.equal(byHand(this).exitCode, 0, byHand(this).output);
  },
);

Then(
  "OpenTelemetry says of {word} in {string} the very tokens that the server dealt",
  async function (this: ExperimentWorld, provider: string, window: string) {
    const answered = labOf(this).server?.dealt() ?? [];
    const dealt = sumUsage(answered.map(({ usage }) => usage));
    const told = await usedByTelemetry(this, provider, window);
    assert.deepEqual(classesOf(told), classesOf(dealt));
  },
);

const classesOf = (usage: Usage) => COMPARED_CLASSES.map((name) => tokensOf(usage, name) ?? 0);

Then(
  "the first window has the anomalies {string}",
  function (this: ExperimentWorld, expected: string) {
    const { window } = finalOfOrder(this, 1);
    const own = this.rowsOf("anomalies", "anomaly_recorded").filter(
      (row) => row["window"] === window,
    );
    assert.equal(own.map((row) => row["kind"]).join(", ") || "none", expected);
  },
);

When(
  "the agent of {word} asks once and sends {string}, and the proxy is closed",
  async function (this: ExperimentWorld, provider: string, said: string) {
    const proxy = openProxyOf(this);
    await proxy.ask(provider, bodyFor("claude-sonnet-4-5"), false);
    const url = telemetryAddress(this, provider);
    for (const { path, value } of said === "nothing" ? [] : exportsOf(said)) {
      const sent = { headers: JSON_TYPE, body: JSON.stringify(value) };
      assert.equal((await send(url + path, sent)).status, 200);
    }
    await proxy.close();
  },
);

When(
  "a user starts Claude Code at the addresses of {string}, and the proxy is closed",
  async function (this: ExperimentWorld, provider: string) {
    const proxy = openProxyOf(this);
    await proxy.open();
    await runClaude(this, proxy.address(provider), {
      ...TELEMETRY,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: telemetryAddress(this, provider),
    });
    assert.equal(byHand(this).exitCode, 0, byHand(this).output);
    await proxy.close();
  },
);

function telemetryAddress({ running }: ExperimentWorld, provider: string): string {
  const printed = running?.printed() ?? "";
  const url = new RegExp(`^${provider} by OpenTelemetry: (.*)$`, "mu").exec(printed)?.[1];
  assert.ok(url !== undefined, printed);
  return url;
}

Then(
  "the proxy says {string} of {word}",
  function (this: ExperimentWorld, expected: string, window: string) {
    const said = this.last.stderr.split("\n").filter((line) => line.startsWith(`${window} (`));
    assert.equal(said.length, expected === "nothing" ? 0 : 1, this.last.stderr);
    for (const line of said) assert.ok(line.includes(expected), line);
  },
);

Then("OpenTelemetry says of every window what the proxy counted", function (this: ExperimentWorld) {
  for (const { usage, telemetry_usage: sent } of atLeastOne(finalRows(this))) {
    assert.ok(usage.requests > 0);
    assert.deepEqual(sent && classesOf(sent), classesOf(usage));
  }
});

/** What `reconcile` shows of the source. */
async function usedByTelemetry(
  world: ExperimentWorld,
  provider: string,
  window: string,
): Promise<Usage> {
  const { stdout } = await startCommand(["reconcile", "--window", window, "--json"], {
    cwd: world.folder,
    variables: world.variables,
  }).ended;
  const windows = Reconciled.parse(JSON.parse(stdout));
  const sources = windows.find((one) => one.provider === provider)?.sources ?? [];
  const lanes = sources.find(({ source }) => source === "otlp")?.lanes ?? {};
  return sumUsage(Object.values(lanes));
}

const Reconciled = z.array(
  z.looseObject({
    provider: z.string(),
    sources: z.array(z.looseObject({ source: z.string(), lanes: z.record(z.string(), Usage) })),
  }),
);

async function sendTo(
  world: ExperimentWorld,
  path: string,
  sent: SentRequest,
): Promise<ReceivedAnswer> {
  return await send(`${receiverOf(world)}${path}`, sent);
}

function receiverOf(world: ExperimentWorld): string {
  const printed = receivers.get(world)?.printed() ?? "";
  const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0];
  if (origin === undefined) throw new Error(`No receiver is open: ${printed}`);
  return origin;
}
