import { readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

import { beforeEach, expect, test } from "vitest";

import type { DriverLogin } from "../drivers/driver.ts";
import { processEnvironment } from "../environment.ts";
import { temporaryFolder } from "../test-support/temporary-folder.ts";
import { lendLogin } from "./lend-login.ts";

const NAME = ".client/credentials.json";
const OLD = JSON.stringify({ login: { access: "old-access-token", until: 1 } });
const NEW = JSON.stringify({ login: { access: "new-access-token", until: 2 } });

let folder: string;
let source: string;

beforeEach(() => {
  folder = temporaryFolder();
  source = path.join(folder, "credentials.json");
  writeFileSync(source, OLD);
});

/** Lends the file to an attempt, as a driver does whose log-in may have to be renewed. */
async function lend(home = "home") {
  const file = { source, name: NAME, hosts: ["login.example.com"] };
  const findLogin = async (): Promise<DriverLogin> => ({ found: true, variables: {}, file });
  const borrower = {
    provider: { credential: { mode: "inherit" } },
    driver: { findLogin },
  } as const;
  return await lendLogin(borrower, path.join(folder, home), processEnvironment());
}

const copyOf = (home = "home") => path.join(folder, home, NAME);
const kept = () => readFileSync(source, "utf8");

test("the agent's copy is its owner's alone, and it is gone after the end", async () => {
  const login = await lend();
  expect(readFileSync(copyOf(), "utf8")).toBe(OLD);
  expect(statSync(copyOf()).mode & 0o777).toBe(0o600);
  expect(login.hosts).toEqual(["login.example.com"]);
  expect(login.secrets()).toEqual(["old-access-token"]);
  login.end();
  expect(statSync(copyOf(), { throwIfNoEntry: false })).toBeUndefined();
  expect(kept()).toBe(OLD);
});

test("a renewed log-in is written back, and it is a secret too", async () => {
  const login = await lend();
  writeFileSync(copyOf(), NEW);
  login.end();
  expect(kept()).toBe(NEW);
  expect(statSync(source).mode & 0o777).toBe(0o600);
  expect(login.secrets()).toEqual(["old-access-token", "new-access-token"]);
});

test.each([
  ["is cut", NEW.slice(0, 20)],
  ["lacks a field", JSON.stringify({ login: { until: 2 } })],
  ["has a list for a text", JSON.stringify({ login: { access: ["x"], until: 2 } })],
  ["is gone", null],
])("a copy that %s is not written back", async (_, text) => {
  const login = await lend();
  if (text === null) symlinkSync("/nowhere", `${copyOf()}.link`);
  else writeFileSync(copyOf(), text);
  login.end();
  expect(kept()).toBe(OLD);
});

test("a field that the client adds is not written back, and lists stay", async () => {
  const before = { access: "old-access-token", until: 1, scopes: ["a"], tier: null };
  writeFileSync(source, JSON.stringify({ login: before }));
  const login = await lend();
  const renewed = {
    access: "new-access-token",
    until: 2,
    scopes: ["a", "b"],
    tier: "x",
    hook: "rm",
  };
  writeFileSync(copyOf(), JSON.stringify({ login: renewed }));
  login.end();
  const after = { ...before, access: "new-access-token", until: 2 };
  expect(JSON.parse(kept())).toEqual({ login: after });
});

test("what the user's own client has renewed meanwhile stays", async () => {
  const login = await lend();
  const own = JSON.stringify({ login: { access: "own-access-token", until: 3 } });
  writeFileSync(source, own);
  writeFileSync(copyOf(), NEW);
  login.end();
  expect(kept()).toBe(own);
});

test("a second attempt waits, and gets what the first has renewed", async () => {
  const first = await lend("one");
  const second = lend("two");
  writeFileSync(copyOf("one"), NEW);
  expect(statSync(copyOf("two"), { throwIfNoEntry: false })).toBeUndefined();
  first.end();
  (await second).secrets();
  expect(readFileSync(copyOf("two"), "utf8")).toBe(NEW);
  (await second).end();
});
