import assert from "node:assert/strict";
import { createServer, type ServerResponse } from "node:http";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";

import { Given, Then, When } from "@cucumber/cucumber";
import { execa } from "execa";

import { UsageIngested } from "../ledger/domain/usage-ingested.ts";
import { sumUsage, type Usage } from "../ledger/domain/usage.ts";
import { COMPARED_CLASSES, tokensOf } from "../ledger/invariants/reconcile.ts";
import { freePort } from "../ledger/store/postgres/test-support/free-port.ts";
import {
  type ReceivedAnswer,
  send as sendRequest,
} from "../runner/gateway/proxy/test-support/send.ts";
import { packageFolder } from "../runner/platform/environment/package-folder.ts";
import { listenOnLoopback } from "../runner/platform/http/listen-on-loopback.ts";
import { findExecutable } from "../runner/platform/processes/find-executable.ts";
import { byHand, runCodex } from "./support/agents-by-hand.ts";
import { labOf } from "./support/lab.ts";
import { waitUntil } from "./support/wait-until.ts";
import type { ExperimentWorld } from "./support/world.ts";

const ADD_ON = path.join(packageFolder(), "docs/integrations/mitmproxy_usage.py");
const TELEMETRY = "telemetry.jsonl";
const RETRY_MS = 100;
const PROMPT = "a secret prompt";
const ANSWER = "a secret answer";
const KEY = "sk-secret-key";

const MESSAGE = { input_tokens: 10, cache_read_input_tokens: 80, output_tokens: 7 };
const RESPONSE = {
  input_tokens: 90,
  input_tokens_details: { cached_tokens: 80 },
  output_tokens: 7,
};
const CHAT = {
  prompt_tokens: 90,
  prompt_tokens_details: { cached_tokens: 80 },
  completion_tokens: 7,
};
const OPENING = { model: "m", usage: { ...MESSAGE, output_tokens: 1 } };

const MESSAGE_STREAM = [
  { type: "message_start", message: OPENING },
  { type: "content_block_delta", delta: { text: ANSWER } },
  { type: "message_delta", usage: { output_tokens: 7 } },
];

interface Answer {
  readonly path: string;
  readonly documents: readonly unknown[];
  readonly isStream?: true;
  readonly isCompressed?: true;
  readonly breaksOff?: true;
}

const ANSWERS: Readonly<Record<string, Answer>> = {
  "a message": {
    path: "/v1/messages",
    documents: [{ model: "m", content: ANSWER, usage: MESSAGE }],
  },
  "a stream of a message": { path: "/v1/messages", documents: MESSAGE_STREAM, isStream: true },
  "a compressed stream": {
    path: "/v1/messages",
    documents: MESSAGE_STREAM,
    isStream: true,
    isCompressed: true,
  },
  "a stream that breaks off": {
    path: "/v1/messages",
    documents: MESSAGE_STREAM.slice(0, 2),
    isStream: true,
    breaksOff: true,
  },
  "a response": {
    path: "/v1/responses",
    documents: [{ model: "m", output: ANSWER, usage: RESPONSE }],
  },
  "a stream of a response": {
    path: "/v1/responses",
    documents: [
      { type: "response.created", response: { model: "m", usage: null } },
      { type: "response.completed", response: { model: "m", usage: RESPONSE } },
    ],
    isStream: true,
  },
  "a chat completion": {
    path: "/v1/chat/completions",
    documents: [{ model: "m", choices: [ANSWER], usage: CHAT }],
  },
  "a stream of a chat completion": {
    path: "/v1/chat/completions",
    documents: [
      { model: "m", choices: [ANSWER], usage: null },
      { model: "m", choices: [], usage: CHAT },
    ],
    isStream: true,
  },
};

interface Proxied {
  readonly url: string;
}

const proxied = new WeakMap<ExperimentWorld, Proxied>();
const answers = new WeakMap<ExperimentWorld, ReceivedAnswer>();

function send(response: ServerResponse, answer: Answer): void {
  const { documents, isStream, isCompressed, breaksOff } = answer;
  const json = documents.map((one) => JSON.stringify(one));
  const text = isStream === true ? json.map((one) => `data: ${one}\n\n`).join("") : json.join("");
  const bytes = isCompressed === true ? gzipSync(text) : Buffer.from(text);
  response.writeHead(200, {
    "content-type": isStream === true ? "text/event-stream" : "application/json",
    ...(isCompressed === true ? { "content-encoding": "gzip" } : {}),
  });
  if (breaksOff === true) response.write(bytes, () => response.destroy());
  else response.end(bytes);
}

Given(
  /^the real mitmdump with our add-on before (?:that server|a server that answers with (.*))$/u,
  async function (this: ExperimentWorld, name: string | undefined) {
    if (!name) {
      return await startMitmdump(this, { upstream: labOf(this).serverUrl ?? "", path: "/v1" });
    }
    const answer = ANSWERS[name];
    if (answer === undefined) throw new Error(`No such answer: ${name}`);
    const server = createServer((request, response) => {
      request.resume().on("end", () => send(response, answer));
    });
    const upstream = await listenOnLoopback(server);
    this.cleanups.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return await startMitmdump(this, { upstream, path: answer.path });
  },
);

async function startMitmdump(
  world: ExperimentWorld,
  { upstream, path: place }: { readonly upstream: string; readonly path: string },
): Promise<"skipped" | undefined> {
  const mitmdump = await findExecutable("mitmdump", process.env["PATH"]);
  if (mitmdump === undefined) {
    assert.notEqual(process.env["CI"], "true", "Install mitmproxy.");
    return "skipped";
  }
  const port = await freePort();
  const listening = ["--listen-host", "127.0.0.1", "--listen-port", String(port)];
  const settings = [
    `usage_file=${world.file(TELEMETRY)}`,
    "usage_backend=anthropic",
    `confdir=${world.file("mitm")}`,
  ].flatMap((setting) => ["--set", setting]);
  const proxy = execa(
    mitmdump,
    ["-q", "-s", ADD_ON, "--mode", `reverse:${upstream}`, ...listening, ...settings],
    { reject: false, env: { HOME: world.folder } },
  );
  world.cleanups.push(async () => {
    proxy.kill();
    await proxy;
  });
  const url = `http://127.0.0.1:${String(port)}${place}`;
  await waitUntil(async () => {
    try {
      await fetch(url, { method: "HEAD" });
      return true;
    } catch {
      await sleep(RETRY_MS);
      return false;
    }
  });
  proxied.set(world, { url });
  return undefined;
}

When(
  "two requests to a model go through it, and its telemetry is ingested for {string}",
  async function (this: ExperimentWorld, window: string) {
    const { url = "" } = proxied.get(this) ?? {};
    for (let request = 0; request < 2; request += 1) {
      const body = JSON.stringify({ model: "m", messages: [PROMPT] });
      const response = await fetch(url, { method: "POST", body, headers: { "x-api-key": KEY } });
      await response.text().catch(() => "");
    }
    await waitUntil(() => this.exists(TELEMETRY) && this.read(TELEMETRY).split("\n").length === 3);
    await ingest(this, window);
  },
);

const WEBSOCKET = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

When("a client asks for a WebSocket to a model", async function (this: ExperimentWorld) {
  const { url = "" } = proxied.get(this) ?? {};
  answers.set(this, await sendRequest(url, { method: "GET", headers: WEBSOCKET }));
});

Then(
  "it is answered with {int}, so that it asks over HTTP",
  function (this: ExperimentWorld, status: number) {
    assert.equal(answers.get(this)?.status, status);
  },
);

When(
  "a user starts Codex behind it, and its telemetry is ingested for {string}",
  async function (this: ExperimentWorld, window: string) {
    await runCodex(this, proxied.get(this)?.url ?? "");
    assert.equal(byHand(this).exitCode, 0, byHand(this).output);
    await ingest(this, window);
  },
);

async function ingest(world: ExperimentWorld, window: string): Promise<void> {
  await world.run(`experiment ingest proxy-telemetry ${TELEMETRY} --window ${window}`);
  assert.equal(world.last.exitCode, 0, world.last.stderr + world.last.stdout);
  world.isExitCodeSeen = true;
}

Then("the ingested tokens are all that the server dealt", function (this: ExperimentWorld) {
  const answered = labOf(this).server?.dealt() ?? [];
  const dealt = sumUsage(answered.map(({ usage }) => usage));
  const told = ingestedUsage(this);
  assert.ok(dealt.requests > 0);
  assert.deepEqual(classesOf(told), classesOf(dealt));
});

const classesOf = (usage: Usage) => COMPARED_CLASSES.map((name) => tokensOf(usage, name) ?? 0);

Then(
  "{int} cached tokens were read, and the telemetry has no word of the prompt, the answer or the key",
  function (this: ExperimentWorld, tokens: number) {
    assertCached(this, tokens);
    assertWordless(this);
  },
);

function assertCached(world: ExperimentWorld, tokens: number): void {
  assert.equal(ingestedUsage(world).cache_read, tokens);
}

function assertWordless(world: ExperimentWorld): void {
  const text = world.read(TELEMETRY);
  for (const secret of [PROMPT, ANSWER, KEY]) assert.ok(!text.includes(secret), text);
}

function ingestedUsage(world: ExperimentWorld): Usage {
  const rows = world.rowsOf("usage", "usage_ingested");
  const events = rows.flatMap((row) => UsageIngested.parse(row).events);
  return sumUsage(events.map(({ usage }) => usage));
}
