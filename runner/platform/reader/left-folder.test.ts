import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import path from "node:path";

import { beforeEach, describe, expect, onTestFinished, test } from "vitest";

import { systemClock } from "../environment/environment.ts";
import { makeTooDeep } from "../test-support/hostile-files.ts";
import { temporaryFolder } from "../test-support/temporary-folder.ts";
import { LeftFolder } from "./left-folder.ts";
import { Reading, READING_LIMITS } from "./reading.ts";

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

let root: string;
const at = (name: string) => path.join(root, name);

beforeEach(() => {
  root = temporaryFolder();
});

function open(limits: Partial<typeof READING_LIMITS> = {}, clock = systemClock) {
  const reading = new Reading(clock, { ...READING_LIMITS, ...limits });
  const folder = new LeftFolder(reading, root);
  const left = () =>
    reading.leftOut.list().map(({ reason, count, first }) => [reason, count, ...first]);
  return { folder, reading, left };
}

describe("a file is read", () => {
  test("if it is a regular one, whatever its name is, and as often as it has names", async () => {
    const { folder, left } = open();
    writeFileSync(at('a\n"b"\\'), "text");
    linkSync(at('a\n"b"\\'), at("other"));
    expect(String(await folder.read('a\n"b"\\', 4))).toBe("text");
    expect(String(await folder.read("other", 4))).toBe("text");
    expect(left()).toEqual([]);
  });

  test("up to where somebody has cut it off meanwhile", async () => {
    const { folder, left } = open();
    writeFileSync(at("file"), "x".repeat(3_000_000));
    const pieces: number[] = [];
    await folder.pieces("file", 3_000_000, ({ length }) => {
      pieces.push(length);
      truncateSync(at("file"), 10);
    });
    expect(pieces).toEqual([1024 * 1024]);
    expect(left()).toEqual([]);
  });

  test("only within the bytes that are left of the reading", async () => {
    const { folder, left } = open({ bytesMax: 10 });
    for (const name of ["one", "two"]) writeFileSync(at(name), "123456");
    expect(String(await folder.read("one", 100))).toBe("123456");
    expect(await folder.read("two", 100)).toBeNull();
    expect(left()).toEqual([["bytes", 1, "two"]]);
  });

  test("only as long as there is time", async () => {
    let nowMs = 0;
    const { folder, left } = open({}, { nowMs: () => 0, monotonicMs: () => (nowMs += 20_000) });
    writeFileSync(at("file"), "x".repeat(5_000_000));
    expect(await folder.read("file", Infinity)).toBeNull();
    expect(left()).toEqual([["time", 1, "file"]]);
  });
});

describe("what is no regular file is left out, and never opened", () => {
  test.each<[string, string, () => void]>([
    ["a pipe", "special", () => execFileSync("mkfifo", [at("it")])],
    ["a link to a device", "special", () => symlinkSync("/dev/zero", at("it"))],
    ["a link to the kernel's memory", "special", () => symlinkSync("/proc/kcore", at("it"))],
    ["a link to itself", "special", () => symlinkSync("it", at("it"))],
    ["a folder", "special", () => mkdirSync(at("it"))],
  ])("%s", async (_, reason, make) => {
    const { folder, left } = open();
    make();
    expect(await folder.read("it", Infinity)).toBeNull();
    expect(left()).toEqual([[reason, 1, "it"]]);
  });

  test("a socket", async () => {
    const { folder, left } = open();
    const server = createServer();
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => {
      server.listen(at("it"), resolve);
    });
    expect(await folder.read("it", Infinity)).toBeNull();
    expect(left()).toEqual([["special", 1, "it"]]);
  });

  test.skipIf(!isRoot)("a device", async () => {
    const { folder, left } = open();
    execFileSync("mknod", [at("it"), "c", "1", "5"]);
    expect(await folder.read("it", Infinity)).toBeNull();
    expect(left()).toEqual([["special", 1, "it"]]);
  });

  test("a path with a link on the way is not reached", async () => {
    const { folder } = open();
    mkdirSync(at("real"));
    symlinkSync("real", at("link"));
    expect(await folder.isReached("real/file")).toBe(true);
    expect(await folder.isReached("link/file")).toBe(false);
    const reading = new Reading(systemClock);
    expect(await new LeftFolder(reading, at("real")).isReached("file")).toBe(true);
    expect(await new LeftFolder(reading, at("link")).isReached("file")).toBe(false);
  });
});

describe("a folder is listed", () => {
  test("up to half of the entries that are left, and with the names that are wanted", async () => {
    const { folder, left, reading } = open({ entriesMax: 10 });
    for (let count = 0; count < 20; count += 1) writeFileSync(at(`file${String(count)}`), "");
    const found = await folder.list("", ["file19", "absent"]);
    expect(found?.map(({ name }) => name)).toContain("file19");
    expect([5, 6]).toContain(found?.length);
    expect(left()).toEqual([["many", 1, expect.any(String)]]);
    expect(reading.entriesLeft).toBe(5);
  });

  test("without names that are no text", async () => {
    const { folder, left } = open();
    writeFileSync(Buffer.concat([Buffer.from(at("x")), Buffer.of(0xff)]), "");
    writeFileSync(at("\ufffd"), "");
    expect((await folder.list(""))?.map(({ name }) => name)).toEqual(["\ufffd"]);
    expect(left()).toEqual([["name", 1, "x\ufffd"]]);
  });

  test("if it is not too deep, and its path not too long", async () => {
    const { folder, left } = open({ depthMax: 2, pathBytesMax: 20 });
    mkdirSync(at("a/b/c/d"), { recursive: true });
    mkdirSync(at("a/long-name-of-a-folder"));
    expect(await folder.list("a/b/c")).toHaveLength(1);
    expect(await folder.list("a/b/c/d")).toBeNull();
    expect(await folder.list("a/long-name-of-a-folder")).toBeNull();
    expect(left()).toEqual([
      ["deep", 1, "a/b/c/d"],
      ["path", 1, "a/long-name-of-a-folder"],
    ]);
  });

  test("if the system can name it", async () => {
    const { folder, left } = open({ pathBytesMax: Infinity });
    makeTooDeep(root);
    const name = Array.from({ length: 30 }, () => "d".repeat(200)).join("/");
    expect(await folder.list(name)).toBeNull();
    expect(left()).toEqual([["path", 1, expect.any(String)]]);
  });

  test("if it is there and is not a link", async () => {
    const { folder, left } = open();
    writeFileSync(at("file"), "");
    symlinkSync(".", at("link"));
    for (const name of ["absent", "file", "link"]) expect(await folder.list(name)).toBeNull();
    expect(left()).toEqual([]);
  });
});

test.skipIf(!isRoot)(
  "somebody else's files and folders are left out, and the rest is read",
  async () => {
    const { folder, left } = open();
    chmodSync(root, 0o755);
    mkdirSync(at("closed"));
    writeFileSync(at("closed/in"), "");
    for (const name of ["file", "open"]) writeFileSync(at(name), "text");
    for (const name of ["closed", "file", "open"]) chownSync(at(name), NOBODY, NOBODY);
    for (const name of ["closed", "file"]) chmodSync(at(name), 0);
    process.seteuid?.(NOBODY);
    try {
      expect(await folder.list("closed")).toBeNull();
      expect(await folder.read("file", Infinity)).toBeNull();
      expect(String(await folder.read("open", Infinity))).toBe("text");
    } finally {
      process.seteuid?.(0);
    }
    expect(left()).toEqual([["unreadable", 2, "closed", "file"]]);
    expect(statSync(at("file")).mode & 0o777).toBe(0);
  },
);
