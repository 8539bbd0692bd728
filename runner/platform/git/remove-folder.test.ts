import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { makeTooDeep } from "../test-support/hostile-files.ts";
import { removeFolder } from "./remove-folder.ts";

let root = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "remove-"));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

describe("removeFolder", () => {
  it("removes everything, also folders without permissions, and follows no link", async () => {
    const base = join(root, "W0-01-1");
    await mkdir(join(base, "locked", "inner"), { recursive: true });
    await writeFile(join(base, "locked", "inner", "file"), "");
    await mkdir(join(root, "kept"));
    await writeFile(join(root, "kept", "file"), "kept");
    await symlink(join(root, "kept"), join(base, "link"));
    await chmod(join(base, "locked"), 0o000);
    await removeFolder(base);
    expect(existsSync(base)).toBe(false);
    expect(await readFile(join(root, "kept", "file"), "utf8")).toBe("kept");
  });

  it("removes folders whose path is longer than the system allows", async () => {
    const base = join(root, "W0-01-1");
    await mkdir(base);
    makeTooDeep(base);
    await removeFolder(base);
    expect(existsSync(base)).toBe(false);
  });

  it("says so if it can't remove it", async () => {
    await mkdir(join(root, "left"));
    expect(await removeFolder(`${root}/left/.`)).toBe(false);
    expect(await removeFolder(join(root, "left"), AbortSignal.abort())).toBe(true);
  });

  it("has nothing to do where nothing is", async () => {
    await removeFolder(join(root, "gone"));
    expect(existsSync(root)).toBe(true);
  });
});
