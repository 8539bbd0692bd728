import { expect, test } from "vitest";

import { designOf, MANUAL_EXPERIMENT } from "./design.ts";

const PLACES = [
  { window: "W0-01", provider: "a" },
  { window: "W0-01", provider: "b" },
  { window: "W0-01", provider: "b", window_agent: "other" },
  { window: "W0-01", provider: "b", window_agent: "main" },
];

test.each([
  [MANUAL_EXPERIMENT, 3],
  ["0123456789ab", 1],
  [undefined, 1],
])("windows of %s with one name are %i windows", (experimentId, windows) => {
  const keys = PLACES.map((place) => designOf(experimentId).windowKey(place));
  expect(new Set(keys).size).toBe(windows);
});
