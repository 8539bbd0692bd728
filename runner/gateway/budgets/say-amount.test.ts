import { expect, it } from "vitest";

import { sayAmount } from "./budget-unit.ts";

it.each([
  [0, "$0.00"],
  [0.0000345, "$0.000034"],
  [0.01, "$0.01"],
  [0.01203, "$0.0120"],
  [0.5, "$0.50"],
  [1.995, "$1.9950"],
  [25, "$25.00"],
])("says %d dollars so that a refusal adds up: %s", (dollars, said) => {
  expect(sayAmount("usd", dollars)).toBe(said);
});

it.each([
  [0, "0 minutes"],
  [0.01, "0.01 minutes"],
  [0.0168, "0.017 minutes"],
  [1, "1 minute"],
  [89.96, "90 minutes"],
])("says %d minutes so that a short limit is told from what was used: %s", (minutes, said) => {
  expect(sayAmount("minutes", minutes)).toBe(said);
});
