import { expect, it } from "vitest";

import { sayDroppedLimits } from "./dropped-limits.ts";

const LIMIT = {
  scope: "overall",
  name: "overall",
  unit: "tokens",
  limit: 5000,
  origin: "command line",
  is_held: true,
} as const;

function openedWith(limits: readonly object[], experimentId = "0123456789ab") {
  const settings = { budgets: { limits } };
  return { record: "session_opened", experiment_id: experimentId, settings };
}

const NOW = { experimentId: "0123456789ab", limits: [] };

it("says what the last session had and nobody gave again", () => {
  const rows = [openedWith([]), openedWith([LIMIT, { ...LIMIT, unit: "usd", limit: 1.5 }])];
  const usd = { scope: "overall", name: "overall", unit: "usd", limit: 9 } as const;
  expect(sayDroppedLimits(rows, { ...NOW, limits: [usd] })).toEqual([
    "The last session's overall budget of 5000 tokens (command line) was not given again: it does not hold.",
  ]);
});

it.each([
  ["there is no session yet", []],
  ["an earlier session alone had it", [openedWith([LIMIT]), openedWith([])]],
  ["another experiment had it", [openedWith([LIMIT], "ba9876543210")]],
  ["it did not hold then", [openedWith([{ ...LIMIT, is_held: false }])]],
  ["a session of before kept no list", [{ ...openedWith([]), settings: { budgets: {} } }]],
])("says nothing where %s", (_, rows) => {
  expect(sayDroppedLimits(rows, NOW)).toEqual([]);
});
