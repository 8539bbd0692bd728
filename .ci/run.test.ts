import { readFileSync } from "node:fs";
import path from "node:path";

import { expect, test } from "vitest";

test("CI runs the lines with which the README begins, first of all and as they are", () => {
  const [, block = ""] = /^```sh\n(.+?)^```$/msu.exec(read("README.md")) ?? [];
  const lines = block.trim().split("\n");
  expect(lines).toHaveLength(2);
  const [first] = read(".ci/run").match(/^\.ci\/bare .+$/mu) ?? [];
  expect(first).toBe(`.ci/bare ${lines.map((line) => `'${line}'`).join(" ")}`);
});

function read(file: string): string {
  return readFileSync(path.join(import.meta.dirname, "..", file), "utf8");
}
