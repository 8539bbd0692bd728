import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect, it } from "vitest";

import { processEnvironment } from "../../platform/environment/environment.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { filesOf } from "./ingest-files.ts";
import { USAGE_SOURCES } from "./sources.ts";

function folderOf(...files: readonly string[]): string {
  const folder = temporaryFolder();
  for (const file of files) {
    mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(folder, file), "");
  }
  return folder;
}

function namesIn(folder: string, source: keyof typeof USAGE_SOURCES): readonly string[] {
  const files = filesOf(folder, USAGE_SOURCES[source], processEnvironment());
  return files.map((file) => path.relative(folder, file));
}

it("finds the logs in a folder and in those below it, in the order of their names", () => {
  const folder = folderOf("b.jsonl", "a/d.jsonl", "a/c.jsonl", "a/c.json", "a/c.jsonl.old");
  expect(namesIn(folder, "claude-session")).toEqual(["a/c.jsonl", "a/d.jsonl", "b.jsonl"]);
});

it.each([
  ["claude-result", ["rollout-1.jsonl", "x.json", "x.jsonl"]],
  ["codex-rollout", ["rollout-1.jsonl"]],
  ["ccusage", ["x.csv", "x.json"]],
] as const)("finds the files of %s by their names", (source, found) => {
  const folder = folderOf("x.json", "x.jsonl", "x.csv", "rollout-1.jsonl", "rollout-1.txt");
  expect(namesIn(folder, source)).toEqual(found);
});

it("leaves out what is hidden, folders with the name of a log, and links to no file", () => {
  const folder = folderOf("a/log.jsonl", ".hidden.jsonl", "a/.hidden/log.jsonl", "b.jsonl/x.txt");
  symlinkSync("nowhere", path.join(folder, "gone.jsonl"));
  symlinkSync("a", path.join(folder, "linked"));
  symlinkSync("a/log.jsonl", path.join(folder, "link.jsonl"));
  expect(namesIn(folder, "claude-session")).toEqual(["a/log.jsonl", "link.jsonl"]);
});
