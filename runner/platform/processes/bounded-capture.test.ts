import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { BoundedCapture } from "./bounded-capture.ts";

let folder = "";
let file = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "capture-"));
  file = join(folder, "deep", "capture.txt");
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const bytes = (text: string) => Buffer.from(text);

describe("BoundedCapture", () => {
  it("keeps lines whole, whatever comes between their parts on the other stream", async () => {
    const capture = new BoundedCapture(file, 1000);
    capture.write("stdout", bytes('{"type":'));
    capture.write("stderr", bytes("warn"));
    capture.write("stdout", bytes('"result"}\n{"half'));
    capture.write("stderr", bytes("ing\nunfinished"));
    capture.close();
    expect(await readFile(file, "utf8")).toBe('{"type":"result"}\nwarning\n{"half\nunfinished\n');
    expect(capture.isOver).toBe(false);
  });

  it("writes no byte beyond its bound, and says that it was reached", async () => {
    const capture = new BoundedCapture(file, 10);
    capture.write("stdout", bytes("12345\n"));
    expect(capture.isOver).toBe(false);
    capture.write("stderr", bytes("789\nABCDEF\n"));
    capture.write("stdout", bytes("more\n"));
    capture.close();
    expect(await readFile(file, "utf8")).toBe("12345\n789\n");
    expect(capture.isOver).toBe(true);
  });

  it("does not hold an endless line in memory", async () => {
    const capture = new BoundedCapture(file, 10_000_000);
    const chunk = Buffer.alloc(700_000, "x");
    capture.write("stdout", chunk);
    capture.write("stdout", chunk);
    expect((await readFile(file)).length).toBe(1_400_000);
    capture.close();
  });

  it.skipIf(!existsSync("/dev/full"))("still counts what it receives when the disk is full", () => {
    const capture = new BoundedCapture("/dev/full", 8);
    capture.write("stdout", bytes("line\n"));
    capture.write("stdout", bytes("line\n"));
    capture.close();
    expect(capture.isOver).toBe(true);
  });
});

describe("BoundedCapture with secrets", () => {
  const KEY = "cb-0123456789abcdef";
  const BLANKED = "*".repeat(KEY.length);

  it("overwrites a secret, wherever its bytes are cut in two", async () => {
    const text = `{"key":"${KEY}"}\nbare ${KEY} ${KEY}`;
    for (let at = 0; at <= text.length; at += 1) {
      const capture = new BoundedCapture(file, 1000, ["another-secret", KEY]);
      capture.write("stdout", bytes(text.slice(0, at)));
      capture.write("stderr", bytes("between\n"));
      capture.write("stdout", bytes(text.slice(at)));
      capture.close();
      const kept = (await readFile(file, "utf8")).replace("between\n", "");
      expect(kept).toBe(`${text.replaceAll(KEY, BLANKED)}\n`);
    }
  });

  it("overwrites a secret that a line without end is cut in", async () => {
    const before = "x".repeat(1024 * 1024);
    for (const cut of [1, KEY.length - 1]) {
      const capture = new BoundedCapture(file, 10 * before.length, [KEY]);
      capture.write("stdout", bytes(before + before + KEY.slice(0, cut)));
      capture.write("stdout", bytes(KEY.slice(cut) + before));
      capture.close();
      expect(await readFile(file, "utf8")).toBe(`${before}${before}${BLANKED}${before}\n`);
    }
  });

  it("overwrites a secret that several events spread", async () => {
    const capture = new BoundedCapture(file, 1000, [KEY]);
    for (const delta of ["it is cb-0123", "456789", "abcdef."]) {
      capture.write("stdout", bytes(`${JSON.stringify({ type: "text", delta })}\n`));
    }
    capture.close();
    const kept = (await readFile(file, "utf8")).trim().split("\n");
    expect(kept.map((line) => JSON.parse(line).delta).join("")).toBe(`it is ${BLANKED}.`);
  });

  it("keeps no part of a secret that its bound cuts", async () => {
    const capture = new BoundedCapture(file, 25, [KEY]);
    capture.write("stdout", bytes(`123456789\n${KEY}`));
    capture.close();
    expect(await readFile(file, "utf8")).toBe("123456789\n");
  });
});
