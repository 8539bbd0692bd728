import { expect, test } from "vitest";

import { hangText, wrapText } from "./wrap-text.ts";

test.each([
  ["", 5, [""]],
  ["one two", 7, ["one two"]],
  ["one two three", 7, ["one two", "three"]],
  ["a longest one", 4, ["a", "long", "est", "one"]],
] as const)("%j in %d columns", (text, width, lines) => {
  expect(wrapText(text, width)).toEqual(lines);
});

test("a long text hangs from its first line", () => {
  const word = "a".repeat(40);
  expect(hangText(`${word} ${word}`)).toBe(`${word}\n  ${word}`);
});
