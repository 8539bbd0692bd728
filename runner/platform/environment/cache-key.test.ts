import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

import { expect, it } from "vitest";

import { temporaryFolder } from "../test-support/temporary-folder.ts";
import { cacheKey } from "./cache-key.ts";

const FOLDER = ".local/state/counterbalance";

function makeHome() {
  const home = temporaryFolder();
  return { home, variables: { HOME: home }, file: path.join(home, FOLDER, "cache.key") };
}

it("is made once, for its user alone", () => {
  const { home, variables, file } = makeHome();
  const key = cacheKey({ variables });
  expect(key).toHaveLength(32);
  expect(cacheKey({ variables })).toEqual(key);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(path.join(home, FOLDER)).mode & 0o777).toBe(0o700);
});

it("is in the folder that XDG_STATE_HOME names", () => {
  const { home, variables } = makeHome();
  const key = cacheKey({ variables: { ...variables, XDG_STATE_HOME: path.join(home, "state") } });
  expect(readFileSync(path.join(home, "state/counterbalance/cache.key"))).toEqual(key);
});

it("differs between two users", () => {
  expect(cacheKey(makeHome())).not.toEqual(cacheKey(makeHome()));
});

it.each([
  ["can be read by others", (file: string) => chmodSync(file, 0o644)],
  ["is too short", (file: string) => writeFileSync(file, "short")],
])("gives way to a new one if it %s", (_what, spoil) => {
  const { variables, file } = makeHome();
  const before = cacheKey({ variables });
  spoil(file);
  const after = cacheKey({ variables });
  expect(after).toHaveLength(32);
  expect(after).not.toEqual(before);
  expect(readFileSync(file)).toEqual(after);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it.each([
  ["is a link", (file: string) => symlinkSync("/dev/zero", file)],
  ["is a folder", (file: string) => mkdirSync(file)],
])("is none if what has its name %s", (_what, take) => {
  const { home, variables, file } = makeHome();
  mkdirSync(path.join(home, FOLDER), { recursive: true });
  take(file);
  expect(cacheKey({ variables })).toBeUndefined();
});

it.skipIf(process.getuid?.() !== 0)("is none if its file belongs to somebody else", () => {
  const { variables, file } = makeHome();
  cacheKey({ variables });
  chownSync(file, 65_534, 65_534);
  expect(cacheKey({ variables })).toBeUndefined();
});

it("is none without a home, or if the state folder can't be made", () => {
  const { home, variables } = makeHome();
  writeFileSync(path.join(home, ".local"), "a file");
  expect(cacheKey({ variables })).toBeUndefined();
  expect(cacheKey({ variables: {} })).toBeUndefined();
});
