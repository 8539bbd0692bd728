import { expect, it } from "vitest";

import { boundsOf, isSamePlace } from "./role-bounds.ts";

it.each([
  [[], "src/a.ts", "discarded"],
  [["**"], "src/a.ts", "kept"],
  [["**"], ".github/a.yml", "kept"],
  [["docs/**", "**/*.md"], "docs/deep/a.txt", "kept"],
  [["docs/**", "**/*.md"], "README.md", "kept"],
  [["docs/**", "**/*.md"], "src/a.ts", "discarded"],
  [[], ".counterbalance/handoff.md", "ignored"],
  [["**"], ".counterbalance/notes.txt", "ignored"],
  [[], ".counterbalance-other", "discarded"],
])("a role that may change %j: %s is %s", (writes, file, fate) => {
  expect(boundsOf({ writes }, "")(file)).toBe(fate);
});

it("knows the place of the handoff in a part of a repository", () => {
  const judge = boundsOf({ writes: [] }, "services/api");
  expect(judge("services/api/.counterbalance/handoff.md")).toBe("ignored");
  expect(judge(".counterbalance/handoff.md")).toBe("discarded");
});

it.each([
  ["a", "a", true],
  ["a", "a/b", true],
  ["a/b", "a", true],
  ["a", "ab", false],
  ["a/b", "a/c", false],
])("changes of %s and %s are in the same place: %s", (one, other, isSame) => {
  expect(isSamePlace(one, other)).toBe(isSame);
});
