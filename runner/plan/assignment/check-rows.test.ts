import { expect, test } from "vitest";

import { williamsRows } from "../../../reports/statistics/randomisation/draw-williams.ts";
import { checkRows } from "./check-rows.ts";
import { type MatchedSet, planWindows } from "./plan.ts";

function set(providers: readonly string[], index: number): MatchedSet {
  const windows = planWindows({
    feature_id: `f${String(index)}`,
    replicate: 1,
    providers,
    windows: providers.map((_, period) => `W0-${String(index)}${String(period)}`),
  });
  return {
    featureId: `f${String(index)}`,
    replicate: 1,
    stratum: "s",
    block: 1,
    sequence: "",
    windows,
  };
}

test.each([3, 4, 5, 6])("all rows of a design for %i providers are perfectly balanced", (arms) => {
  const rows = williamsRows(arms).map((row) => row.map((arm) => `p${String(arm)}`));
  const { places, neighbours } = checkRows(rows.map(set));
  const turns = rows.length / arms;
  expect(places).toEqual({ least: turns, most: turns });
  expect(neighbours).toEqual({ least: turns, most: turns });
});

test("a design that lacks a row is seen to lack it", () => {
  const sets = [
    ["a", "b", "c"],
    ["b", "c", "a"],
  ].map(set);
  expect(checkRows(sets)).toEqual({
    places: { least: 0, most: 1 },
    neighbours: { least: 0, most: 2 },
  });
});
