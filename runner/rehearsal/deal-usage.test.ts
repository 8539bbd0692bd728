import { expect, test } from "vitest";

import { countPromptTokens, dealUsage } from "./deal-usage.ts";
import type { PromptRequest } from "./messages-request.ts";
import { ModelProfile } from "./profile.ts";
import { wireUsage } from "./stream-events.ts";

const PROFILE = ModelProfile.parse({ input_overhead_tokens: 1000 });

function request(turns: number, cacheControl?: unknown): PromptRequest {
  const history = Array.from({ length: turns }, (_, turn) => [
    { role: "assistant" as const, content: `answer ${turn} `.repeat(40) },
    { role: "user" as const, content: `result ${turn} `.repeat(40) },
  ]).flat();
  return {
    model: "m",
    system: [{ type: "text", text: "Be good.", cache_control: cacheControl }],
    messages: [{ role: "user", content: "task ".repeat(400) }, ...history],
  };
}

test("without a cache mark the whole prompt is uncached input", () => {
  const usage = dealUsage(request(2), PROFILE, 50);
  expect(usage).toEqual({
    input_uncached: countPromptTokens(request(2), PROFILE),
    cache_read: 0,
    cache_write_5m: 0,
    cache_write_1h: 0,
    output: 50,
    requests: 1,
  });
});

test("a profile without a cache deals none, whatever the request marks", () => {
  const profile = ModelProfile.parse({ cache: false });
  expect(dealUsage(request(1, { type: "ephemeral" }), profile, 1).cache_read).toBe(0);
});

test("the first turn writes the cache and the next reads it and writes its growth", () => {
  const mark = { type: "ephemeral" };
  const first = dealUsage(request(0, mark), PROFILE, 1);
  const second = dealUsage(request(1, mark), PROFILE, 1);
  expect(first.cache_read).toBe(0);
  expect(first.cache_write_5m).toBeGreaterThan(1000);
  expect(second.cache_read).toBe(countPromptTokens(request(0, mark), PROFILE));
  expect(second.cache_write_5m).toBeGreaterThan(100);
});

test.each([0, 1, 5])("after %d turns the classes of input add up to the prompt", (turns) => {
  const marked = request(turns, { type: "ephemeral" });
  const usage = dealUsage(marked, PROFILE, 1);
  const sum = (usage.input_uncached ?? 0) + (usage.cache_read ?? 0) + (usage.cache_write_5m ?? 0);
  expect(sum).toBe(countPromptTokens(marked, PROFILE));
});

test("a mark with a lifetime of an hour is written to that class", () => {
  const usage = dealUsage(request(0, { type: "ephemeral", ttl: "1h" }), PROFILE, 1);
  expect(usage.cache_write_5m).toBe(0);
  expect(usage.cache_write_1h).toBeGreaterThan(1000);
});

test("the wire's words carry both lifetimes and their sum", () => {
  const usage = { input_uncached: 3, cache_write_5m: 5, cache_write_1h: 7, output: 2, requests: 1 };
  expect(wireUsage(usage)).toEqual({
    input_tokens: 3,
    cache_creation_input_tokens: 12,
    cache_read_input_tokens: 0,
    cache_creation: { ephemeral_5m_input_tokens: 5, ephemeral_1h_input_tokens: 7 },
    output_tokens: 2,
    service_tier: "standard",
  });
});
