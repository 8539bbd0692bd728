import { readFileSync } from "node:fs";
import path from "node:path";

import { expect, test } from "vitest";

import { DRIVERS } from "../../runner/agents/drivers/registry.ts";
import { packageFolder } from "../../runner/platform/environment/package-folder.ts";
import { code } from "./markdown.ts";

const PAGE = readFileSync(path.join(packageFolder(), "docs/reference/drivers.md"), "utf8");
const ROWS = PAGE.split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => line.split("|").map((cell) => cell.trim()));

test.each(DRIVERS)("the page of drivers describes $name as it is", (driver) => {
  const { name, title, tested = "", dialects, vendor } = driver;
  const [facts, habits] = ROWS.filter(([, cell]) => cell === code(name));
  const apis = dialects.map(code).join(", ");
  expect(facts?.slice(1, -1)).toEqual([code(name), title, tested, apis, code(vendor)]);
  const [, , report = ""] = habits ?? [];
  expect(report !== "").toBe(driver.readReport !== undefined);
  const [, intercepted = ""] = /^`via: mitm` works with ([^.]*)\./mu.exec(PAGE) ?? [];
  expect(intercepted.includes(code(name))).toBe(driver.isInterceptable !== false);
});

test("the page of drivers describes no others", () => {
  const known = new Set(DRIVERS.map(({ name }) => code(name)));
  expect(ROWS.filter(([, cell]) => !known.has(cell ?? ""))).toEqual([]);
});
