import { expect, test } from "vitest";

import { cutName, cutText, foldText, hangCommand, hangText, wrapText } from "./wrap-text.ts";

test.each([
  ["", 5, [""]],
  ["one two", 7, ["one two"]],
  ["one two three", 7, ["one two", "three"]],
  ["at 97.5 % now", 7, ["at", "97.5 %", "now"]],
  ["a longest one", 4, ["a", "long", "est", "one"]],
] as const)("%j in %d columns", (text, width, lines) => {
  expect(wrapText(text, width)).toEqual(lines);
});

test("a long text hangs from its first line", () => {
  const word = "a".repeat(40);
  expect(hangText(`${word} ${word}`)).toBe(`${word}\n  ${word}`);
});

test("a text is folded where its lines are too long, below their own indent", () => {
  const text = "short\n  - one: two three four\n";
  expect(foldText(text, 16)).toBe("short\n  - one: two\n    three four\n");
});

test("a percent sign stays with its number", () => {
  expect(foldText("one two 97.5 % four", 12)).toBe("one two\n  97.5 %\n  four");
});

test("a line that fits stays as it is, with its blanks", () => {
  expect(foldText("a   b", 5)).toBe("a   b");
});

test("colours take no room", () => {
  const red = "\u001B[31mred\u001B[39m";
  expect(foldText(`${red} ${red}`, 7)).toBe(`${red} ${red}`);
});

test("a word without blanks is broken where the line ends", () => {
  expect(foldText("a".repeat(20), 10)).toBe(`${"a".repeat(8)}\n  ${"a".repeat(8)}\n  aaaa`);
});

test("characters that take two columns are counted as two", () => {
  expect(wrapText("模型名称", 5)).toEqual(["模型", "名称"]);
  expect(foldText("模型名称 模型", 10)).toBe("模型名称\n  模型");
  expect(cutText("模型名称", 6)).toBe("模型…");
});

test("a name that is cut keeps both ends", () => {
  expect(cutName("provider-of-models-1", 9)).toBe("prov…ls-1");
  expect(cutName("provider", 9)).toBe("provider");
  expect(cutName("模型名称很长", 8)).toBe("模型…长");
});

test("a command that does not fit can be pasted as shown", () => {
  const command = "experiment run --data-dir 'my own data' --seed 42";
  expect(hangCommand("Next:", command, 80)).toBe(`Next: ${command}`);
  expect(hangCommand("Next:", command, 47)).toBe(
    "Next:\n  experiment run --data-dir 'my own data' \\\n    --seed 42",
  );
});
