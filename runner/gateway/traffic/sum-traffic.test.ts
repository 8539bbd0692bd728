import { expect, test } from "vitest";

import { type Prompt, sumTraffic } from "./attempt-traffic.ts";

function prompt(changes: Partial<Prompt> = {}): Prompt {
  return {
    backend_provider: "anthropic",
    status: 200,
    fate: "answered",
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
  ["failed", 0.25],
  ["abandoned", 0],
  ["answered", 0],
] as const)("a prompt that was %s makes the error rate %d", (fate, rate) => {
  const prompts = [prompt(), prompt(), prompt(), prompt({ fate })];
  expect(sumTraffic(prompts).error_rate).toBe(rate);
});

test("percentiles interpolate between latencies, whatever the order of the prompts", () => {
  const latencies = Array.from({ length: 20 }, (_, index) => (20 - index) * 10);
  const prompts = [
    ...latencies.map((latencyMs) => prompt({ latency_ms: latencyMs })),
    prompt({ latency_ms: null }),
  ];
  expect(sumTraffic(prompts)).toMatchObject({ mean_latency_ms: 105, p50: 105, p95: 190.5 });
});

test("an abandoned prompt is counted, but its latency is not", () => {
  const prompts = [
    prompt({ latency_ms: 10 }),
    prompt({ latency_ms: 30, fate: "failed" }),
    prompt({ latency_ms: 60_000, fate: "abandoned" }),
  ];
  expect(sumTraffic(prompts)).toMatchObject({
    total_prompts: 3,
    mean_latency_ms: 20,
    p50: 20,
    p95: 29,
  });
});

test("one prompt is its own median and its own tail", () => {
  expect(sumTraffic([prompt({ latency_ms: 7.5 })])).toMatchObject({
    mean_latency_ms: 7.5,
    p50: 7.5,
    p95: 7.5,
  });
});
