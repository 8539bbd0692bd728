import { hash } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import { keep, type Kept, readKept } from "./kept-file.ts";

const NOW_MS = 1_800_000_000_000;
const DAY_MS = 86_400_000;
const PARTS = [Buffer.from("fold"), new Uint8Array(100_000).fill(7)];

let folder = "";
const KEY = Buffer.alloc(32, "mine");
let place: Kept = { file: "", madeOf: "", key: KEY };

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "kept-"));
  place = { file: path.join(folder, "cache", "one.fold"), madeOf: "as it was", key: KEY };
});
afterEach(() => rmSync(folder, { recursive: true }));

function textOf(parts: ReturnType<typeof readKept>): readonly string[] | undefined {
  return parts?.map((part) => Buffer.from(part).toString());
}

it("gives back the parts that were made of the same", () => {
  keep(place, PARTS, NOW_MS);
  expect(textOf(readKept(place))).toStrictEqual(PARTS.map((part) => Buffer.from(part).toString()));
  expect(readKept({ ...place, madeOf: "one row later" })).toBeUndefined();
  expect(statSync(place.file).mode & 0o777).toBe(0o600);
});

it.each([0, 100, 4_096, 50_000])("gives nothing back if the byte at %i has changed", (at) => {
  keep(place, PARTS, NOW_MS);
  const bytes = readFileSync(place.file);
  bytes.writeUInt8((bytes[at] ?? 0) ^ 1, at);
  writeFileSync(place.file, bytes);
  expect(readKept(place)).toBeUndefined();
});

it.each([
  ["another key", Buffer.alloc(32, "theirs")],
  ["an empty key", Buffer.alloc(0)],
])("gives nothing back that was written with %s", (_what, key) => {
  keep({ ...place, key }, PARTS, NOW_MS);
  expect(readKept(place)).toBeUndefined();
});

it("gives nothing back that an earlier version wrote, with a hash that anybody can compute", () => {
  const [part = Buffer.alloc(0)] = PARTS;
  const parts = [{ bytes: part.byteLength, sha256: hash("sha256", part) }];
  const head = JSON.stringify({ key: hash("sha256", place.madeOf), parts }).padEnd(4_096);
  mkdirSync(path.dirname(place.file));
  writeFileSync(place.file, Buffer.concat([Buffer.from(head), part]));
  expect(readKept(place)).toBeUndefined();
});

it("tells where one part ends and the next begins", () => {
  keep(place, [Buffer.from("fo"), Buffer.from("ld")], NOW_MS);
  const moved = readFileSync(place.file, "latin1").replace("[2,2]", "[1,3]");
  writeFileSync(place.file, moved, "latin1");
  expect(readKept(place)).toBeUndefined();
});

it.each([
  ["ends early", (bytes: Buffer) => bytes.subarray(0, 10_000)],
  ["goes on", (bytes: Buffer) => Buffer.concat([bytes, Buffer.from("x")])],
])("gives nothing back if the file %s", (_what, change) => {
  keep(place, PARTS, NOW_MS);
  writeFileSync(place.file, change(readFileSync(place.file)));
  expect(readKept(place)).toBeUndefined();
});

it("does without a folder that can't be made", () => {
  writeFileSync(path.join(folder, "cache"), "a file");
  expect(() => keep(place, PARTS, NOW_MS)).not.toThrow();
  expect(readKept(place)).toBeUndefined();
});

it("drops what nobody has written for a month, and leaves the folders of others", () => {
  keep(place, PARTS, NOW_MS);
  const setups = path.join(folder, "cache", "setups");
  mkdirSync(setups);
  const seconds = (NOW_MS - 31 * DAY_MS) / 1_000;
  for (const old of [place.file, setups]) utimesSync(old, seconds, seconds);
  keep({ ...place, file: path.join(folder, "cache", "two.fold") }, PARTS, NOW_MS);
  expect(readdirSync(path.join(folder, "cache")).toSorted()).toStrictEqual(["setups", "two.fold"]);
});
