import { expect, it } from "vitest";

import { cacheFolder, stateFolder } from "./user-folders.ts";

it.each([
  [{ XDG_CACHE_HOME: "/var/tmp/own", HOME: "/home/ada" }, "/var/tmp/own/counterbalance"],
  [{ XDG_CACHE_HOME: "relative", HOME: "/home/ada" }, "/home/ada/.cache/counterbalance"],
  [{ HOME: "/home/ada" }, "/home/ada/.cache/counterbalance"],
  [{ HOME: "" }, undefined],
  [{}, undefined],
])("finds the cache folder by %j", (variables, expected) => {
  expect(cacheFolder({ variables })).toBe(expected);
});

it.each([
  [{ XDG_STATE_HOME: "/var/tmp/own", HOME: "/home/ada" }, "/var/tmp/own/counterbalance"],
  [{ HOME: "/home/ada" }, "/home/ada/.local/state/counterbalance"],
  [{}, undefined],
])("finds the state folder by %j", (variables, expected) => {
  expect(stateFolder({ variables })).toBe(expected);
});
