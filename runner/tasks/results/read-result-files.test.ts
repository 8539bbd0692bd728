import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";

import { beforeEach, expect, test } from "vitest";

import { makeTooDeep } from "../../platform/test-support/hostile-files.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { clearResults, readResultFiles } from "./read-result-files.ts";

const TAP = "TAP version 13\nok 1 - works\n1..1\n";

let tree: string;
const at = (name: string) => path.join(tree, name);
const read = async (pattern: string) =>
  await readResultFiles({ tree, cwd: tree, pattern, format: "tap", folder: tree });

beforeEach(() => {
  tree = temporaryFolder();
});

test("results are read in the order of their names, and cleared", async () => {
  mkdirSync(at("out"));
  writeFileSync(at("out/a.tap"), TAP);
  writeFileSync(at("out/b.tap"), TAP.replace("works", "too"));
  expect(await read("out/*.tap")).toMatchObject([{ name: "works" }, { name: "too" }]);
  await clearResults({ tree, cwd: tree, pattern: "out/*.tap" });
  expect([existsSync(at("out/a.tap")), existsSync(at("out"))]).toEqual([false, true]);
});

test.each<[string, RegExp, () => void]>([
  [
    "a pipe",
    /1 neither file, folder nor link \(it.tap\)/u,
    () => execFileSync("mkfifo", [at("it.tap")]),
  ],
  ["a link", /1 neither file, folder nor link/u, () => symlinkSync("/dev/zero", at("it.tap"))],
  [
    "a file of 4 TB",
    /1 too large \(it.tap\)/u,
    () => {
      writeFileSync(at("it.tap"), TAP);
      truncateSync(at("it.tap"), 4 * 1024 ** 4);
    },
  ],
  ["nothing", /there is no file/u, () => undefined],
])("%s in the place of results is a fault", async (_, fault, make) => {
  make();
  await expect(read("*.tap")).rejects.toThrow(fault);
});

test("a link in the place of results is cleared, and not what it leads to", async () => {
  writeFileSync(at("own"), "");
  symlinkSync("own", at("it.tap"));
  await clearResults({ tree, cwd: tree, pattern: "*.tap" });
  expect([existsSync(at("own")), existsSync(at("it.tap"))]).toEqual([true, false]);
});

test("a path that is too long elsewhere in the tree does not matter", async () => {
  makeTooDeep(tree);
  writeFileSync(at("it.tap"), TAP);
  expect(await read("it.tap")).toMatchObject([{ name: "works" }]);
});
