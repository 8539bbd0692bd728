import { request as httpRequest } from "node:http";

import { afterEach, expect, test } from "vitest";
import { z } from "zod";

import { sumUsage } from "../../ledger/domain/usage.ts";
import { ModelProfile } from "./profile.ts";
import { type ScriptedModel, startScriptedModel } from "./scripted-model.ts";

const SCRIPT = {
  featureId: "slugify",
  title: "Slugs",
  scenarios: ["one", "two"],
  variants: [
    { name: "reference", fails: [], files: { "src/a.mjs": "export const a = 'ä😀';\n" } },
    { name: "broken", fails: ["one", "two"], files: { "src/a.mjs": "throw 1;\n" } },
  ],
};
const TOOLS = ["list_files", "read_file", "write_file", "run_command"].map((name) => ({ name }));
const TASK = { role: "user", content: "Please do.\n\nFeature: Slugs\n  Example: one" };
const CLOCK = { nowMs: () => 1_700_000_000_000, monotonicMs: () => 0 };

let model: ScriptedModel | undefined;

afterEach(async () => {
  await model?.stop();
  model = undefined;
});

async function start(profile: Partial<ModelProfile> = {}, seed = "42"): Promise<void> {
  await model?.stop();
  const profiles = { scripted: ModelProfile.parse(profile) };
  model = await startScriptedModel({ seed, profiles, scripts: [SCRIPT], clock: CLOCK });
}

function post(body: unknown, path = "/v1/messages", headers: Record<string, string> = {}) {
  return fetch(`${model?.url}${path}`, {
    method: "POST",
    headers: { "x-api-key": "a-key-of-some-length", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

function task(parts: object = {}) {
  return { model: "scripted", max_tokens: 4096, messages: [TASK], tools: TOOLS, ...parts };
}

const Reply = z.looseObject({
  id: z.string(),
  content: z.array(
    z.looseObject({
      type: z.string(),
      id: z.string().optional(),
      name: z.string().optional(),
      input: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
  stop_reason: z.string(),
});
type Reply = z.infer<typeof Reply>;

async function replyTo(parts: object = {}): Promise<Reply> {
  return Reply.parse(await (await post(task(parts))).json());
}

/** Plays a conversation to its end as an agent would, every tool call answered "ok". */
async function converse(): Promise<readonly Reply[]> {
  const messages: unknown[] = [TASK];
  const replies: Reply[] = [];
  while (replies.length < 20) {
    const reply = await replyTo({ messages });
    replies.push(reply);
    if (reply.stop_reason !== "tool_use") break;
    const calls = reply.content.filter(({ type }) => type === "tool_use");
    const results = calls.map(({ id }) => ({
      type: "tool_result",
      tool_use_id: id,
      content: "ok",
    }));
    messages.push(
      { role: "assistant", content: reply.content },
      { role: "user", content: results },
    );
  }
  return replies;
}

function plays(replies: readonly Reply[]): unknown {
  return replies.map(({ content }) => content.map(({ name, input }) => ({ name, input })));
}

test("counted tokens are those that the same request is dealt", async () => {
  await start({ input_overhead_tokens: 500 });
  const counted = await (await post(task(), "/v1/messages/count_tokens?beta=true")).json();
  await (await post(task())).json();
  expect(counted).toEqual({ input_tokens: model?.dealt()[1]?.usage.input_uncached });
});

test("a stream has the API's events in order and usage that is cumulative", async () => {
  await start({ thinks: true });
  const body = task({ stream: true, thinking: { type: "enabled", budget_tokens: 1024 } });
  const response = await post(body, "/v1/messages?beta=true");
  const events = readEvents(await response.text());
  const usage = model?.dealt()[0]?.usage;
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  expect(events.map(({ type }) => type).filter((type, at, all) => type !== all[at - 1])).toEqual([
    "message_start",
    "ping",
    ...Array.from({ length: 3 }, () => [
      "content_block_start",
      "content_block_delta",
      "content_block_stop",
    ]).flat(),
    "message_delta",
    "message_stop",
  ]);
  expect(events[0]?.["message"]).toMatchObject({ content: [], usage: { output_tokens: 1 } });
  expect(events.at(-2)).toMatchObject({
    delta: { stop_reason: "tool_use" },
    usage: { input_tokens: usage?.input_uncached, output_tokens: usage?.output },
  });
});

test("a tool's input comes in several pieces that make up its JSON", async () => {
  await start();
  const messages = [
    TASK,
    { role: "assistant", content: "…" },
    { role: "user", content: [1, 2].map((n) => ({ type: "tool_result", tool_use_id: `t${n}` })) },
  ];
  const events = readEvents(await (await post(task({ stream: true, messages }))).text());
  const pieces = events.flatMap(({ delta }) => delta?.partial_json ?? []);
  expect(pieces.length).toBeGreaterThan(1);
  expect(JSON.parse(pieces.join(""))).toEqual({
    path: "src/a.mjs",
    content: "export const a = 'ä😀';\n",
  });
});

test("a conversation looks around, writes the variant's files, checks and ends", async () => {
  await start();
  const replies = await converse();
  const calls = replies.map(({ content }) => content.find(({ type }) => type === "tool_use")?.name);
  expect(calls).toEqual(["list_files", "read_file", "write_file", "run_command", undefined]);
  expect(replies.at(-1)?.stop_reason).toBe("end_turn");
  expect(model?.dealt().map(({ conversation, variant }) => [conversation, variant])).toEqual(
    replies.map(() => [1, "reference"]),
  );
});

test("a model that solves nothing writes the variant that fails", async () => {
  await start({ solve_probability: 0 });
  await converse();
  expect(model?.dealt()[0]?.variant).toBe("broken");
});

test("what the client sends back identifies interleaved conversations", async () => {
  await start();
  const [first, second] = await Promise.all([replyTo(), replyTo()]);
  for (const reply of [second, first]) {
    const id = reply.content.at(-1)?.id;
    const results = [{ type: "tool_result", tool_use_id: id, content: "ok" }];
    const messages = [TASK, { role: "assistant", content: reply.content }];
    await post(task({ messages: [...messages, { role: "user", content: results }] }));
  }
  const numbers = model?.dealt().map(({ conversation }) => conversation) ?? [];
  expect(new Set(numbers.slice(0, 2))).toEqual(new Set([1, 2]));
  expect(numbers.slice(2)).toEqual(numbers.slice(0, 2).toReversed());
});

test("one seed plays one way, another seed another way", async () => {
  const profile = { solve_probability: 0.5, extra_turns: 9, output_spread: 0.5 };
  const play = async (seed: string) => {
    await start(profile, seed);
    const replies = [...(await converse()), ...(await converse()), ...(await converse())];
    const dealt = model?.dealt().map(({ usage, variant }) => ({ usage, variant }));
    return { plays: plays(replies), dealt };
  };
  expect(await play("42")).toEqual(await play("42"));
  expect((await play("43")).dealt).not.toEqual((await play("42")).dealt);
});

test("message, request and tool ids never come twice", async () => {
  await start();
  const replies = [...(await converse()), ...(await converse())];
  const ids = [
    ...replies.flatMap(({ id, content }) => [id, ...content.flatMap((block) => block.id ?? [])]),
    ...(model?.dealt() ?? []).map(({ requestId }) => requestId),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});

test("A client puts the prompt into quotes, as opencode does", async () => {
  await start();
  await replyTo({ messages: [{ role: "user", content: '"Task: Slugs\nChange the repository."' }] });
  expect(model?.dealt().at(-1)?.featureId).toBe("slugify");
});

test.each([
  { what: "no known feature", parts: { messages: [{ role: "user", content: "Feature: Other" }] } },
  { what: "no tools", parts: { tools: undefined } },
  { what: "only unknown tools", parts: { tools: [{ name: "search" }] } },
])("a request with $what gets a short text", async ({ parts }) => {
  await start({ output_tokens: 5000 });
  const reply = await (await post(task(parts))).json();
  expect(reply).toMatchObject({ stop_reason: "end_turn", content: [{ type: "text" }] });
  expect(model?.dealt()[0]).toMatchObject({ conversation: null, variant: null });
  expect(model?.dealt()[0]?.usage.output).toBeLessThan(50);
});

test("a small request between two turns takes no conversation's number", async () => {
  await start();
  await post(task({ tools: undefined }));
  await converse();
  expect(model?.dealt().at(-1)?.conversation).toBe(1);
});

test("an answer longer than max_tokens is cut before its tool calls", async () => {
  await start({ output_tokens: 500 });
  const reply = await (await post(task({ max_tokens: 20 }))).json();
  expect(reply).toMatchObject({
    stop_reason: "max_tokens",
    content: [{ type: "text" }],
    usage: { output_tokens: 20 },
  });
});

test("a faulty model answers errors that deal nothing, and recovers", async () => {
  await start({ fault_rate: 0.5 });
  const statuses: number[] = [];
  for (let count = 0; count < 20; count += 1) {
    statuses.push((await post(task())).status);
  }
  expect(new Set(statuses)).toEqual(new Set([200, 500, 529]));
  const dealt = model?.dealt() ?? [];
  expect(sumUsage(dealt.map(({ usage }) => usage)).requests).toBe(
    statuses.filter((status) => status === 200).length,
  );
  expect(dealt.findLast(({ status }) => status === 200)?.conversation).toBe(
    statuses.filter((status) => status === 200).length,
  );
});

test("a client that goes away in the middle is noticed, with what it was dealt", async () => {
  await start({ output_tokens: 1000, output_spread: 0, tokens_per_second: 1000 });
  await new Promise<void>((resolve, reject) => {
    const headers = { "x-api-key": "a-key-of-some-length" };
    const sent = httpRequest(
      `${model?.url}/v1/messages`,
      { method: "POST", headers },
      (response) => {
        response.once("data", () => {
          response.destroy();
          resolve();
        });
      },
    );
    sent.on("error", reject).end(JSON.stringify(task({ stream: true })));
  });
  await expect.poll(() => model?.dealt()).toHaveLength(1);
  expect(model?.dealt()[0]).toMatchObject({ complete: false, status: 200 });
  expect(model?.dealt()[0]?.usage.output).toBeLessThan(1000);
});

test("the answer takes the profile's time", async () => {
  await start({ latency_ms: 60, output_tokens: 100, output_spread: 0, tokens_per_second: 1000 });
  for (const stream of [true, false]) {
    const startedMs = performance.now();
    await (await post(task({ stream }))).text();
    const tookMs = performance.now() - startedMs;
    expect(tookMs).toBeGreaterThan(140);
  }
});

test("stopping ends answers under way", async () => {
  await start({ output_tokens: 1000, output_spread: 0, tokens_per_second: 1 });
  const answer = await post(task({ stream: true }));
  await model?.stop();
  await expect(answer.text()).rejects.toThrow(TypeError);
});

test("a script without a variant is refused at the start", async () => {
  const scripts = [{ ...SCRIPT, variants: [] }];
  const starting = startScriptedModel({ seed: "1", profiles: {}, scripts, clock: CLOCK });
  await expect(starting).rejects.toThrow('"slugify" has no variant');
});

const WireEvent = z.looseObject({
  type: z.string(),
  delta: z.looseObject({ partial_json: z.string().optional() }).optional(),
});

function readEvents(text: string): readonly z.infer<typeof WireEvent>[] {
  return text
    .split("\n\n")
    .filter((part) => part !== "")
    .map((part) => WireEvent.parse(JSON.parse(part.slice(part.indexOf("data: ") + 6))));
}
