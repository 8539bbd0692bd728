import { expect, test } from "vitest";

import { wrapText } from "./wrap-text.ts";

test.each([
  ["", 5, [""]],
  ["one two", 7, ["one two"]],
  ["one two three", 7, ["one two", "three"]],
  ["a longest one", 4, ["a", "long", "est", "one"]],
] as const)("%j in %d columns", (text, width, lines) => {
  expect(wrapText(text, width)).toEqual(lines);
});
