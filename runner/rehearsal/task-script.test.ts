import { expect, test } from "vitest";

import { chooseVariant } from "./task-script.ts";

const VARIANTS = [
  { name: "reference", fails: [], files: {} },
  { name: "twin", fails: [], files: {} },
  { name: "no-limit", fails: ["limit", "full"], files: {} },
  { name: "no-order", fails: ["order"], files: {} },
];

test.each([
  { drawn: [], name: "reference" },
  { drawn: ["order"], name: "no-order" },
  { drawn: ["limit", "full", "other"], name: "no-limit" },
  { drawn: ["limit", "full", "order"], name: "no-limit" },
  { drawn: ["other"], name: "reference" },
])("failing $drawn picks $name, the first of the closest", ({ drawn, name }) => {
  expect(chooseVariant(VARIANTS, new Set(drawn)).name).toBe(name);
});
