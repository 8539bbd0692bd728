import { expect, test } from "vitest";

import { trafficLines } from "./shared-lines.ts";

const GLM = {
  provider: "claude-glm",
  backend: "glm",
  prompts: 128,
  routed_pct: 64,
  subagent_prompts: 100,
};
const OWN = { ...GLM, backend: "anthropic", prompts: 72, routed_pct: 36, subagent_prompts: 0 };

test("a backend's line says what share it got, how fast it was and how often it failed", () => {
  expect(
    trafficLines([
      { ...OWN, p50: null, p95: null, error_rate: 1 },
      { ...GLM, p50: 820.4, p95: 1600, error_rate: 0.009 },
    ]),
  ).toEqual([
    "Subagent Proxy:",
    "  claude-glm  routed_to_anthropic=36% (prompts=72), latency=n/a p50 / n/a p95, errors=100.0%",
    "  claude-glm  routed_to_glm=64% (prompts=128), latency=820 ms p50 / 1600 ms p95, errors=0.9%",
    "Latencies are of complete pairs, or of every prompt if no pair is complete.",
  ]);
});

test("without sub-agents there is no block", () => {
  const figures = { p50: 820, p95: 1600, error_rate: 0 };
  expect(trafficLines([{ ...OWN, ...figures, provider: "claude" }])).toEqual([]);
  expect(trafficLines([])).toEqual([]);
});

test("an anomaly of a provider marks its lines", () => {
  const line = { ...GLM, p50: null, p95: null, error_rate: 0 };
  expect(trafficLines([line], (provider) => (provider === "claude-glm" ? [1] : []))[1]).toMatch(
    /errors=0\.0% †1$/u,
  );
});
