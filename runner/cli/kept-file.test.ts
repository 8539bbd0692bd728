import {
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

import { processEnvironment } from "../environment.ts";
import { cacheFolder, keep, type Kept, readKept } from "./kept-file.ts";

const NOW_MS = 1_800_000_000_000;
const DAY_MS = 86_400_000;
const PARTS = [Buffer.from("fold"), new Uint8Array(100_000).fill(7)];

let folder = "";
let place: Kept = { file: "", key: "" };

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "kept-"));
  place = { file: path.join(folder, "cache", "one.fold"), key: "as it was" };
});
afterEach(() => rmSync(folder, { recursive: true }));

function textOf(parts: ReturnType<typeof readKept>): readonly string[] | undefined {
  return parts?.map((part) => Buffer.from(part).toString());
}

it("gives back the parts under the key they were kept under", () => {
  keep(place, PARTS, NOW_MS);
  expect(textOf(readKept(place))).toStrictEqual(PARTS.map((part) => Buffer.from(part).toString()));
  expect(readKept({ ...place, key: "one row later" })).toBeUndefined();
  expect(statSync(place.file).mode & 0o777).toBe(0o600);
});

it.each([0, 100, 4_096, 50_000])("gives nothing back if the byte at %i has changed", (at) => {
  keep(place, PARTS, NOW_MS);
  const bytes = readFileSync(place.file);
  bytes.writeUInt8((bytes[at] ?? 0) ^ 1, at);
  writeFileSync(place.file, bytes);
  expect(readKept(place)).toBeUndefined();
});

it("gives nothing back if the file ends early", () => {
  keep(place, PARTS, NOW_MS);
  writeFileSync(place.file, readFileSync(place.file).subarray(0, 10_000));
  expect(readKept(place)).toBeUndefined();
});

it("does without a folder that can't be made", () => {
  writeFileSync(path.join(folder, "cache"), "a file");
  expect(() => keep(place, PARTS, NOW_MS)).not.toThrow();
  expect(readKept(place)).toBeUndefined();
});

it("drops what nobody has made anew for a month", () => {
  keep(place, PARTS, NOW_MS);
  const seconds = (NOW_MS - 31 * DAY_MS) / 1_000;
  utimesSync(place.file, seconds, seconds);
  keep({ ...place, file: path.join(folder, "cache", "two.fold") }, PARTS, NOW_MS);
  expect(readdirSync(path.join(folder, "cache"))).toStrictEqual(["two.fold"]);
});

it.each([
  [{ XDG_CACHE_HOME: "/var/tmp/own", HOME: "/home/ada" }, "/var/tmp/own/counterbalance"],
  [{ XDG_CACHE_HOME: "relative", HOME: "/home/ada" }, "/home/ada/.cache/counterbalance"],
  [{ HOME: "/home/ada" }, "/home/ada/.cache/counterbalance"],
  [{}, undefined],
])("finds the cache folder by %j", (variables, expected) => {
  expect(cacheFolder({ ...processEnvironment(), variables })).toBe(expected);
});
