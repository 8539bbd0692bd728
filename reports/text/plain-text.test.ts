import { expect, test } from "vitest";

import { showControls, showControlsBesideStyles, toPlainLine } from "./plain-text.ts";

const RED = "\u001B[31m";

test("controls are shown, and lines and tabs stay", () => {
  expect(showControls(`a${RED}b\u0007\tc\r\nd\u202Ee\rf\u009B2J`)).toBe(
    String.raw`a\u001b[31mb\u0007` + "\tc\r\n" + String.raw`d\u202ee\u000df\u009b2J`,
  );
});

test("they are shown next to our own styles too", () => {
  expect(showControlsBesideStyles(`${RED}a\u001B[0m \u001B[2J\u001B]0;b\u0007`)).toBe(
    `${RED}a\u001B[0m ${String.raw`\u001b[2J\u001b]0;b\u0007`}`,
  );
});

test("a plain line has no line ends, no tabs and no controls", () => {
  expect(toPlainLine(` a\t\r\nb\u2028c${RED} `)).toBe(String.raw`a b c\u001b[31m`);
});

test("text that has none is left as it is", () => {
  const text = "Grüße, 世界 👩‍💻: a_b | 70 %\n";
  expect([showControls(text), showControlsBesideStyles(text)]).toEqual([text, text]);
});
