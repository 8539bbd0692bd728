import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";

import { Given, Then } from "@cucumber/cucumber";
import { parse, stringify } from "yaml";

import {
  type FakeUpstream,
  startFakeUpstream,
} from "../runner/gateway/proxy/test-support/fake-upstream.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import { requestRows } from "./support/ledger-windows.ts";
import { shortBank } from "./support/short-bank.ts";
import type { ExperimentWorld } from "./support/world.ts";

const FILE = "experiment.yaml";
const GLM_KEY = "sk-glm-0123456789abcdef";
const INPUT = 100;
/** Output tokens that tell the two servers apart. */
const OUTPUT = { anthropic: 7, glm: 11 } as const;

interface Servers {
  readonly anthropic: FakeUpstream;
  readonly glm: FakeUpstream;
  /** How many answers each server gave. */
  readonly answers: Record<keyof typeof OUTPUT, number>;
}
const servers = new WeakMap<ExperimentWorld, Servers>();

Given(
  "two scripted servers in place of its upstreams, the main one calling a sub-agent",
  async function (this: ExperimentWorld) {
    const answers = { anthropic: 0, glm: 0 };
    const serve = async (name: keyof typeof OUTPUT) => {
      const upstream = await startFakeUpstream((response, request) => {
        if (!request.url.includes("/v1/messages")) {
          response.writeHead(404).end();
          return;
        }
        answers[name] += 1;
        const isSubagent = request.headers["x-claude-code-agent-id"] !== undefined;
        sendTurn(response, { body: String(request.body), isSubagent, outputTokens: OUTPUT[name] });
      });
      this.cleanups.push(() => upstream.stop());
      return upstream;
    };
    const both = { anthropic: await serve("anthropic"), glm: await serve("glm"), answers };
    servers.set(this, both);
    const file = parse(this.read(FILE));
    file.tasks = { bank: shortBank(), include: ["lru-cache"] };
    file.upstreams.anthropic = { base_url: both.anthropic.origin };
    file.upstreams.glm = { ...file.upstreams.glm, base_url: both.glm.origin };
    this.write(FILE, stringify(file));
    this.variables["GLM_API_KEY"] = GLM_KEY;
    this.variables["CLAUDE_CODE_OAUTH_TOKEN"] = "sk-ant-oat01-0123456789abcdef";
  },
);

Then(
  "only the sub-agents of {string} asked GLM, for {string} and with its key, and each server's tokens are in the ledger",
  function (this: ExperimentWorld, provider: string, model: string) {
    assertRouted(this, provider, model);
    assertTokens(this);
  },
);

function assertRouted(world: ExperimentWorld, provider: string, model: string): void {
  const rows = atLeastOne(requestRows(world).filter((row) => row.backend_provider === "glm"));
  for (const row of rows) {
    assert.equal(row.provider, provider);
    assert.ok(row.subagent_id !== null);
  }
  const received = atLeastOne(serversOf(world).glm.requests);
  for (const { body, headers } of received) {
    assert.equal(JSON.parse(String(body)).model, model);
    assert.equal(headers["authorization"], `Bearer ${GLM_KEY}`);
  }
}

function assertTokens(world: ExperimentWorld): void {
  const { answers } = serversOf(world);
  for (const name of ["anthropic", "glm"] as const) {
    const rows = requestRows(world).filter(
      (row) => row.backend_provider === name && row.status === 200 && row.kind === "model",
    );
    assert.equal(rows.length, answers[name]);
    for (const { usage } of rows) {
      assert.equal(usage?.input_uncached, INPUT);
      assert.equal(usage.output, OUTPUT[name]);
    }
  }
}

function serversOf(world: ExperimentWorld): Servers {
  const both = servers.get(world);
  if (both === undefined) throw new Error("The scenario has no servers.");
  return both;
}

interface Turn {
  readonly body: string;
  readonly isSubagent: boolean;
  readonly outputTokens: number;
}

/** A main agent calls one sub-agent and ends; a sub-agent says one sentence. */
function sendTurn(response: ServerResponse, { body, isSubagent, outputTokens }: Turn): void {
  const request = JSON.parse(body);
  const tools: readonly { readonly name: string }[] = request.tools ?? [];
  const tool = tools.find(({ name }) => name === "Agent" || name === "Task");
  const isBegun = request.messages.some(({ role }: { role: string }) => role === "assistant");
  const input = {
    description: "Look around",
    prompt: "Say what is in the folder.",
    subagent_type: "general-purpose",
  };
  const call = { type: "tool_use", id: "toolu_1", name: tool?.name, input: {} };
  const isCall = tool !== undefined && !isBegun && !isSubagent;
  const deltas = isCall
    ? { block: call, delta: { type: "input_json_delta", partial_json: JSON.stringify(input) } }
    : { block: { type: "text", text: "" }, delta: { type: "text_delta", text: "Done." } };
  const message = {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: request.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: INPUT, output_tokens: 1 },
  };
  const stop = { stop_reason: isCall ? "tool_use" : "end_turn", stop_sequence: null };
  const events = [
    { type: "message_start", message },
    { type: "content_block_start", index: 0, content_block: deltas.block },
    { type: "content_block_delta", index: 0, delta: deltas.delta },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: stop, usage: { output_tokens: outputTokens } },
    { type: "message_stop" },
  ];
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.end(
    events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""),
  );
}
