import type { MatchedSet, Plan } from "../plan/assignment/plan.ts";
import { PROVIDERS } from "./analysis/made-up-windows.ts";

/** A registered plan of as many windows, two of each task. */
export function benchPlan(windowCount: number): Plan {
  const registration = {
    name: "bench",
    seed: "1",
    baseline: PROVIDERS[0],
    scripted: true,
    providers: PROVIDERS.map((id) => ({ id })),
    analysis: { cost: "tokens", basis: "uncached", comparable: true },
  };
  const sets = Array.from({ length: windowCount / PROVIDERS.length }, (_, index) => setAt(index));
  return { experimentId: "0".repeat(12), registration, sha256: "0".repeat(64), sets };
}

function setAt(index: number): MatchedSet {
  const featureId = `feature-${String(index + 1)}`;
  const isReversed = index % 2 === 1;
  const sequence = isReversed ? "BA" : "AB";
  const windows = (isReversed ? PROVIDERS.toReversed() : PROVIDERS).map((provider, period) => ({
    window: `W0-${String(index * PROVIDERS.length + period + 1).padStart(2, "0")}`,
    provider,
    featureId,
    replicate: 1,
    period: period + 1,
    command: `/implement ${featureId}`,
  }));
  return { featureId, replicate: 1, stratum: "all", block: index + 1, sequence, windows };
}
