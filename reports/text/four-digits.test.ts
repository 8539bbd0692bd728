import { expect, it } from "vitest";

import { say } from "./four-digits.ts";

it.each([
  [1.23456, "1.235"],
  [0.000012345678, "0.00001235"],
  [123_456, "123500"],
  [0, "0"],
  [null, "n/a (the data do not give it)"],
  [undefined, "n/a (the data do not give it)"],
  [Infinity, "n/a (the data do not give it)"],
  [Number.NaN, "n/a (the data do not give it)"],
])("says %s as %s", (value, text) => {
  expect(say(value)).toBe(text);
});
