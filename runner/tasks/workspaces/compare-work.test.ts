import { createHash } from "node:crypto";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

import { beforeEach, expect, test } from "vitest";

import { Reading } from "../../platform/reader/reading.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { WorkComparison } from "./compare-work.ts";
import { WORK_LIMITS, WorkCopy } from "./copy-work.ts";

const FILES = Array.from({ length: 40 }, (_, index) => `file${String(index).padStart(2, "0")}`);
const LAST = "last";

let folder: string;
let to: string;
const at = (file: string) => path.join(folder, file);
const changedMs = (file: string) => statSync(at(file)).ctimeMs;

beforeEach(() => {
  const root = temporaryFolder();
  [folder, to] = [path.join(root, "left"), path.join(root, "copy")];
  for (const one of [folder, to]) mkdirSync(one);
});

/** Compares files of one byte with a commit in which each has another one. */
async function compare(msPerLook: number) {
  let nowMs = 0;
  const reading = new Reading({ monotonicMs: () => (nowMs += msPerLook) }, WORK_LIMITS);
  const copy = new WorkCopy({ folder, to, limits: WORK_LIMITS }, reading);
  const comparison = new WorkComparison(copy, reading);
  const hash = createHash("sha1").update("blob 1\0a").digest("hex");
  const entries = [...FILES, LAST].map((file) => ({ file, hash, mode: "100644", bytes: 1 }));
  await comparison.copyChanged(await comparison.copyOthers(entries));
  const copied = [...FILES, LAST].filter((file) => existsSync(path.join(to, file)));
  return { copied, removed: comparison.removed, leftOut: reading.leftOut.list() };
}

/** Changes one file after all others, by the clock of the file system. */
function changeLast(): void {
  for (const file of FILES) writeFileSync(at(file), "b");
  do writeFileSync(at(LAST), "b");
  while (FILES.some((file) => changedMs(file) >= changedMs(LAST)));
}

test("each file with other content is copied, whatever its size", async () => {
  changeLast();
  const all = { copied: [...FILES, LAST], removed: [], leftOut: [] };
  expect(await compare(0)).toEqual(all);
});

test("if there is no time for all, the last changed file is copied, and the others are said", async () => {
  changeLast();
  const { copied, removed, leftOut } = await compare(1000);
  expect(copied).toContain(LAST);
  expect(copied.length).toBeLessThan(FILES.length);
  expect(removed).toEqual([]);
  expect(leftOut).toMatchObject([{ reason: "time", count: FILES.length + 1 - copied.length }]);
});
