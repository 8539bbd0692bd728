import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { lackOfRoom } from "./workspace-room.ts";

test("a folder on a usual disk has room, also before it is made", () => {
  expect(lackOfRoom(path.join(temporaryFolder(), "not", "there", "yet"))).toBeNull();
});

test.runIf(existsSync("/proc/self"))("a file system without any room is named", () => {
  expect(lackOfRoom("/proc")).toMatch(
    /^room below \/proc: expected 100 MB free, got 0 MB\. .*--workspace-root/u,
  );
});

test.for([
  ["size=8m", "expected 100 MB free, got 8 MB."],
  ["size=200m,nr_inodes=500", "expected 1000 files free, got 499."],
])("a file system of %s is too small", ([size = "", said], { skip }) => {
  const folder = temporaryFolder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", size, "tmpfs", folder], { stdio: "ignore" });
  } catch {
    // Only root may mount.
    return skip("It can't be mounted here.");
  }
  onTestFinished(() => void execFileSync("umount", [folder]));
  expect(lackOfRoom(path.join(folder, "below"))).toContain(said);
});
