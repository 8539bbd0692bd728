import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { findTool } from "../../platform/processes/find-executable.ts";
import { replaceableBecause } from "./harness-tools.ts";

let base = "";

beforeEach(() => {
  base = realpathSync(mkdtempSync(path.join(tmpdir(), "tools-")));
  for (const name of ["first", "second", "open"]) mkdirSync(path.join(base, name));
});

afterEach(() => rmSync(base, { recursive: true }));

function plant(name: string): string {
  const file = path.join(base, name);
  writeFileSync(file, "#!/bin/sh\n");
  chmodSync(file, 0o755);
  return file;
}

test("a program that appears later in an earlier folder of PATH is not used", async () => {
  const folders = [path.join(base, "first"), path.join(base, "second")].join(path.delimiter);
  expect(await findTool("git", folders)).toBeUndefined();
  const git = plant("second/git");
  expect(await findTool("git", folders)).toBe(git);
  plant("first/git");
  expect(await findTool("git", folders)).toBe(git);
});

test("a program is refused in agents' folders and in folders that every user may write", () => {
  const [inside, open] = [plant("first/git"), plant("open/git")];
  chmodSync(path.join(base, "open"), 0o777);
  expect(replaceableBecause(inside, [path.join(base, "first")])).toBe(
    `agents write in ${path.join(base, "first")}`,
  );
  expect(replaceableBecause(open, [])).toBe(`every user may write ${path.join(base, "open")}`);
  chmodSync(path.join(base, "open"), 0o1777);
  expect([inside, open].map((file) => replaceableBecause(file, []))).toEqual([
    undefined,
    undefined,
  ]);
});

test("a link is as safe as what it leads to", () => {
  const link = path.join(base, "second", "git");
  symlinkSync(plant("first/git"), link);
  expect(replaceableBecause(link, [path.join(base, "first")])).toContain("agents write in");
  chmodSync(path.join(base, "first", "git"), 0o757);
  expect(replaceableBecause(link, [])).toBe(`every user may write ${path.join(base, "first/git")}`);
});
