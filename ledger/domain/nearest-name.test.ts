import { describe, expect, it } from "vitest";

import { nearestName, sayMeant } from "./nearest-name.ts";

describe("the name that was meant", () => {
  it.each([
    ["verfy", ["verify", "export"], "verify"],
    ["Baseline", ["baseline", "base"], "baseline"],
    ["lru-cach", ["csv-records", "lru-cache"], "lru-cache"],
    ["W0-1", ["W0-11", "W0-02"], "W0-11"],
    ["provider", ["period", "resume"], undefined],
    ["x", ["y", "xy"], undefined],
    ["abcde", [], undefined],
  ])("of %s among %j is %s", (misspelt, known, meant) => {
    expect(nearestName(misspelt, known)).toBe(meant);
  });

  it("is quoted in a sentence, or not there at all", () => {
    expect(sayMeant("verfy", ["verify"])).toBe(' Did you mean "verify"?');
    expect(sayMeant("other", ["verify"])).toBe("");
  });
});
