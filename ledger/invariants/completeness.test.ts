import { expect, it } from "vitest";

import { missingFields } from "./completeness.ts";

it("names what a final window lacks", () => {
  const whole = { commit_start: "abc1234", commit_end: "abc1235", methodology: "by hand" };
  expect(missingFields(whole)).toEqual([]);
  expect(missingFields({ ...whole, methodology: null })).toEqual(["methodology"]);
  expect(missingFields({ commit_start: null, commit_end: null, methodology: null })).toEqual([
    "commit_start",
    "commit_end",
    "methodology",
  ]);
});
