import { expect, test } from "vitest";

import { trafficSummary } from "./traffic-lines.ts";

const GLM = {
  provider: "claude-glm",
  backend: "glm",
  prompts: 128,
  routed_pct: 64,
  subagent_prompts: 100,
};
const OWN = { ...GLM, backend: "anthropic", prompts: 72, routed_pct: 36, subagent_prompts: 0 };

test("a backend's line says what share it got, how fast it was and how often it failed", () => {
  const traffic = [
    { ...OWN, p50: null, p95: null, error_rate: 1 },
    { ...GLM, p50: 820.4, p95: 1600, error_rate: 0.009 },
  ];
  expect(trafficSummary({ traffic, providers: [] })[0]).toMatchObject({
    title: "Subagent Proxy:",
    blocks: [
      {
        lines: [
          "claude-glm  routed_to_anthropic=36% (prompts=72), latency=n/a p50 / n/a p95, errors=100.0%",
          "claude-glm  routed_to_glm=64% (prompts=128), latency=820 ms p50 / 1600 ms p95, errors=0.9%",
        ],
      },
      { text: "Latencies are of complete pairs, or of every prompt if no pair is complete." },
    ],
  });
});

test("without sub-agents there is no block", () => {
  const figures = { p50: 820, p95: 1600, error_rate: 0 };
  const traffic = [{ ...OWN, ...figures, provider: "claude" }];
  expect(trafficSummary({ traffic, providers: [] })).toEqual([]);
  expect(trafficSummary({ traffic: [], providers: [] })).toEqual([]);
});
