import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { expect, test } from "vitest";

import { packageFolder } from "../../runner/platform/environment/package-folder.ts";
import { referenceFiles } from "./reference-files.ts";

const DOCS = path.join(packageFolder(), "docs");

const files = [...(await referenceFiles())];

// After a change: npm run reference
test.each(files)("docs/%s is what the code says", (name, text) => {
  expect(readFileSync(path.join(DOCS, name), "utf8")).toBe(text);
});

test("no page is left of a command that is gone", () => {
  const pages = readdirSync(path.join(DOCS, "reference/commands"));
  const names = new Set(files.map(([name]) => name));
  expect(pages.filter((file) => !names.has(`reference/commands/${file}`))).toEqual([]);
});

test("every field of the configuration has a meaning", () => {
  const text = new Map(files).get("reference/configuration.md") ?? "";
  const rows = text.split("\n").filter((line) => line.startsWith("| `"));
  expect(rows.length).toBeGreaterThan(50);
  expect(rows.filter((row) => /\|\s*\|$/u.test(row))).toEqual([]);
});
