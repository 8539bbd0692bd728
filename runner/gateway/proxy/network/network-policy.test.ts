import { expect, test } from "vitest";

import { isAllowed, policyFor } from "./network-policy.ts";

test.each([
  ["a closed network has no host", "closed", "example.org", false],
  ["an open one has any", "open", "example.org", true],
  ["a named host", { allow: ["example.org"] }, "example.org", true],
  ["a name in capitals", { allow: ["Example.ORG"] }, "example.org", true],
  ["a host below a named one", { allow: ["example.org"] }, "api.example.org", false],
  ["a host below a pattern", { allow: ["*.example.org"] }, "api.eu.example.org", true],
  ["the pattern's own name", { allow: ["*.example.org"] }, "example.org", false],
  ["a name that only ends alike", { allow: ["*.example.org"] }, "badexample.org", false],
] as const)("%s", (...[, policy, host, isIn]) => {
  expect(isAllowed(policy, host)).toBe(isIn);
});

test.each([
  ["nothing is named", "closed", [], "closed"],
  ["the task needs a host", "closed", ["a.org"], { allow: ["a.org"] }],
  [
    "both name hosts",
    { allow: ["a.org", "b.org"] },
    ["b.org", "c.org"],
    { allow: ["a.org", "b.org", "c.org"] },
  ],
  ["everything is open", "open", ["a.org"], "open"],
] as const)("the policy of a window: %s", (...[, experiment, task, expected]) => {
  expect(policyFor(experiment, task)).toEqual(expected);
});
