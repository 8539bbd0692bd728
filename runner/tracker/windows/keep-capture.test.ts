import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

import { beforeEach, describe, expect, it } from "vitest";

import type { DataFolder } from "../../platform/environment/data-folder.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import {
  CaptureNotKeptError,
  describeCapture,
  keepCapture,
  keepCaptureAgain,
} from "./keep-capture.ts";

const LARGE = "a line\n".repeat(4000);

let folder: DataFolder;

beforeEach(() => {
  const root = temporaryFolder();
  const captures = path.join(root, "captures");
  folder = { root, given: null, store: null, ledger: root, state: root, captures, reports: root };
});

function fileOf(text: string): string {
  return path.join(folder.root, describeCapture(text).raw_file ?? "none");
}

describe("a large capture", () => {
  it("is kept in a file that is named by its hash", () => {
    keepCapture(folder, LARGE);
    expect(readFileSync(fileOf(LARGE), "utf8")).toBe(LARGE);
    expect(readdirSync(folder.captures)).toHaveLength(1);
  });

  it("is written again after its row only if it was cleaned away", () => {
    keepCapture(folder, LARGE);
    const { ino } = statSync(fileOf(LARGE));
    keepCaptureAgain(folder, LARGE);
    expect(statSync(fileOf(LARGE)).ino).toBe(ino);
    rmSync(fileOf(LARGE));
    keepCaptureAgain(folder, LARGE);
    expect(readFileSync(fileOf(LARGE), "utf8")).toBe(LARGE);
  });

  it("that can't be kept is refused with its file and what to do, before its row is written", () => {
    writeFileSync(folder.captures, "");
    const keep = () => keepCapture(folder, LARGE);
    expect(keep).toThrow(CaptureNotKeptError);
    expect(keep).toThrow(new RegExp(`^${fileOf(LARGE)}: .*Nothing was written to the ledger`));
  });
});
