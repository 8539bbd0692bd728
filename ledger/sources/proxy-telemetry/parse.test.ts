import { describe, expect, it } from "vitest";

import { proxyTelemetry, readTelemetry } from "./parse.ts";

const CONTRACT = {
  timestamp: "2026-01-02T10:00:00.000Z",
  session_id: "s",
  subagent_id: null,
  backend_provider: "glm",
  model: "glm-4.6",
  prompt_tokens: 1000,
  completion_tokens: 500,
  latency_ms: 380,
  status: 200,
  trace_id: "t1",
};
const LANES = {
  ts: "2025-10-19T16:05:00Z",
  rid: "R1",
  lane: "glm",
  model: "z.ai/glm-4.6",
  status: "ok",
  input_tokens: 1000,
  output_tokens: 500,
};
const ADD_ON = { ts: 1_760_972_506.92, rid: "37117e01", lane: "zai", model: "m", status: 200 };

const read = (line: unknown) => readTelemetry(JSON.stringify(line), 1);

function eventOf(line: unknown) {
  const context = { file: "f", readAt: "2026-01-02T10:00:00.000Z", provider: "claude" };
  return proxyTelemetry.open(context).line(JSON.stringify(line), 1)[0];
}

describe("a line of telemetry", () => {
  it.each([
    ["the contract", CONTRACT],
    ["lanes with words", LANES],
    ["an add-on of mitmproxy", { ...ADD_ON, input_tokens: 1000, output_tokens: 500 }],
  ])("of %s has its backend and its tokens", (_dialect, line) => {
    expect(read(line)).toMatchObject({
      backend: "glm",
      usage: { input_uncached: 1000, output: 500, requests: 1 },
      isError: false,
    });
  });

  it("of the contract may tell the classes of its tokens", () => {
    const usage = { input_uncached: 200, cache_read: 800, output: 500, requests: 1 };
    expect(read({ ...CONTRACT, usage })).toMatchObject({ usage });
    expect(read({ ...CONTRACT, usage: null })).toMatchObject({ usage: { input_uncached: 1000 } });
  });

  it("has the same id whenever it is read", () => {
    expect(read(LANES)).toEqual(read({ ...LANES }));
  });

  it.each([
    ["a routing decision", { ...ADD_ON, status: -1, event: "decision" }],
    ["another record of a ledger", { record: "budget_debited" }],
  ])("is no request if it is %s", (_what, line) => {
    expect(read(line)).toBeNull();
  });

  it.each([
    ["a network error", { ...ADD_ON, status: 0, event: "error" }],
    ["a refusal", { ...CONTRACT, status: 429 }],
    ["a failure in words", { ...LANES, status: "error" }],
  ])("is an error if it tells of %s", (_what, line) => {
    expect(read(line)).toMatchObject({ isError: true });
  });

  it("of a stream that was not read has unknown tokens, not 0", () => {
    const line = { ...ADD_ON, op: "stream", input_tokens: 0, output_tokens: 0 };
    expect(read(line)).toMatchObject({ usage: null });
  });

  it("of another kind is a problem", () => {
    expect(read({ hello: "world" })).toMatchObject({ kind: "problem", reason: "unknown-dialect" });
  });
});

describe("an event of telemetry", () => {
  it("says that its input is not divided, unless it has the classes", () => {
    const usage = { input_uncached: 200, output: 500, requests: 1 };
    expect(eventOf(CONTRACT)).toMatchObject({ event: { input_undivided: true } });
    expect(eventOf(LANES)).toMatchObject({ event: { input_undivided: true } });
    expect(eventOf({ ...CONTRACT, usage })).not.toHaveProperty("event.input_undivided");
    expect(eventOf({ ...CONTRACT, prompt_tokens: null })).not.toHaveProperty(
      "event.input_undivided",
    );
  });

  it.each([
    ["anthropic", "claude"],
    ["api.anthropic.com", "claude"],
    ["openai", "codex"],
    ["zai", "glm"],
    ["codex", "codex"],
    ["local-llama", "local-llama"],
    ["not a name", undefined],
    [null, undefined],
  ])("of the backend %s belongs to %s", (backend, provider) => {
    const event = eventOf({ ...CONTRACT, backend_provider: backend });
    expect(event).toMatchObject({ kind: "event" });
    expect(event?.kind === "event" && event.provider).toBe(provider);
  });

  it.each([
    [null, "main"],
    ["agent-1", "subagent"],
    [undefined, "all"],
  ])("of the sub-agent %s is in the lane %s", (subagent, lane) => {
    expect(eventOf({ ...CONTRACT, subagent_id: subagent })).toMatchObject({ event: { lane } });
  });
});
