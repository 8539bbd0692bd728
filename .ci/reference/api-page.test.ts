import { readFileSync } from "node:fs";
import path from "node:path";

import { expect, test } from "vitest";

import * as ledger from "../../ledger/index.ts";
import * as reports from "../../reports/index.ts";
import * as statistics from "../../reports/statistics/index.ts";
import { packageFolder } from "../../runner/platform/environment/package-folder.ts";
import { apiEntries } from "./api-page.ts";

const MODULES = new Map<string, object>([
  ["counterbalance", reports],
  ["counterbalance/ledger", ledger],
  ["counterbalance/statistics", statistics],
]);

test("the page has every entry of the package", () => {
  const file = path.join(packageFolder(), "package.json");
  const { exports }: { exports: object } = JSON.parse(readFileSync(file, "utf8"));
  const entries = Object.keys(exports).filter((entry) => entry !== "./package.json");
  const names = entries.map((entry) => path.posix.join("counterbalance", entry));
  expect(apiEntries().map(({ entry }) => entry)).toEqual(names);
});

test.each(apiEntries())("the page has each name that $entry exports", ({ entry, exported }) => {
  const names = exported.filter(({ kind }) => kind !== "type").map(({ name }) => name);
  expect(names.toSorted()).toEqual(Object.keys(MODULES.get(entry) ?? {}).toSorted());
});

test.each(apiEntries())("each function of $entry has a docstring", ({ exported }) => {
  const functions = exported.filter(({ kind }) => kind === "function");
  expect(functions.length).toBeGreaterThan(0);
  expect(functions.filter(({ about }) => about === "").map(({ name }) => name)).toEqual([]);
});
