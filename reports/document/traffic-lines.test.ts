import { expect, test } from "vitest";

import { trafficLines } from "./shared-lines.ts";

const GLM = { provider: "claude-glm", backend: "glm", prompts: 128, routed_pct: 64 };

test("a backend's line says what share it got, how fast it was and how often it failed", () => {
  const own = { provider: "claude", backend: "anthropic", prompts: 1, routed_pct: 100 };
  expect(
    trafficLines([
      { ...own, p50: null, p95: null, error_rate: 1 },
      { ...GLM, p50: 820.4, p95: 1600, error_rate: 0.009 },
    ]),
  ).toEqual([
    "Subagent Proxy:",
    "  claude      routed_to_anthropic=100% (prompts=1), latency=n/a p50 / n/a p95, errors=100.0%",
    "  claude-glm  routed_to_glm=64% (prompts=128), latency=820 ms p50 / 1600 ms p95, errors=0.9%",
    "Latencies are of complete pairs, or of every prompt if no pair is complete.",
  ]);
});

test("without telemetry there is no block", () => {
  expect(trafficLines([])).toEqual([]);
});
