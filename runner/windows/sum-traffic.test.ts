import { expect, test } from "vitest";

import { type Prompt, sumTraffic } from "./sum-traffic.ts";

function prompt(changes: Partial<Prompt> = {}): Prompt {
  return {
    backend_provider: "anthropic",
    status: 200,
    is_client_gone: false,
    latency_ms: 100,
    usage: { input_uncached: 10, cache_read: 500, output: 40, requests: 1 },
    ...changes,
  };
}

test("no prompt has no rate and no latency", () => {
  expect(sumTraffic([])).toEqual({
    total_prompts: 0,
    total_tokens: 0,
    routed_pct: {},
    error_rate: null,
    mean_latency_ms: null,
    p50: null,
    p95: null,
  });
});

test("tokens of every class are summed, and unknown ones add nothing", () => {
  const prompts = [
    prompt(),
    prompt({ usage: null }),
    prompt({ usage: { output: 1, requests: 1 } }),
  ];
  expect(sumTraffic(prompts)).toMatchObject({ total_prompts: 3, total_tokens: 551 });
});

test("shares of the backends add up to the whole", () => {
  const prompts = [prompt(), prompt(), prompt({ backend_provider: "glm" })];
  expect(sumTraffic(prompts).routed_pct).toEqual({ anthropic: 66.7, glm: 33.3 });
});

test.each([
  ["an error status", { status: 529 }, 0.25],
  ["a network error", { status: 0 }, 0.25],
  ["a client that left", { status: 500, is_client_gone: true }, 0],
  ["an answer that never came", { status: null }, 0],
])("%s counts in the error rate as it should", (_, changes, rate) => {
  const prompts = [prompt(), prompt(), prompt(), prompt(changes)];
  expect(sumTraffic(prompts).error_rate).toBe(rate);
});

test("percentiles are latencies that were seen, whatever the order of the prompts", () => {
  const latencies = Array.from({ length: 20 }, (_, index) => (20 - index) * 10);
  const prompts = [
    ...latencies.map((latencyMs) => prompt({ latency_ms: latencyMs })),
    prompt({ latency_ms: null }),
  ];
  expect(sumTraffic(prompts)).toMatchObject({ mean_latency_ms: 105, p50: 100, p95: 190 });
});

test("one prompt is its own median and its own tail", () => {
  expect(sumTraffic([prompt({ latency_ms: 7.5 })])).toMatchObject({
    mean_latency_ms: 7.5,
    p50: 7.5,
    p95: 7.5,
  });
});
