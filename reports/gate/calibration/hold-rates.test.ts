import { describe, expect, it } from "vitest";

import { holdRates, type World } from "./hold-rates.ts";

const size = { rootSeed: "42", reps: 300 };

describe("false expansion at a true ratio of the target", () => {
  it.each<World>(["missing-random", "missing-dear", "retries", "families"])(
    "stays at 5 %% under standard: %s",
    (world) => {
      const { standard, literal } = holdRates(world, size);
      expect(standard.byEnd.rate).toBeLessThanOrEqual(0.05);
      expect(literal.byEnd.rate).toBeGreaterThan(0.3);
    },
  );

  it.each<World>(["carry-over", "rare-ruin"])("is not prevented by any policy: %s", (world) => {
    expect(holdRates(world, size).standard.byEnd.rate).toBeGreaterThan(0.5);
  });
});
