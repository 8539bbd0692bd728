import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { beforeEach, describe, expect, it } from "vitest";

import type { DataFolder } from "../../platform/environment/data-folder.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { readAgent, rememberedRows, rememberRows } from "./tracker.ts";

let folder: DataFolder;

beforeEach(() => {
  const root = temporaryFolder();
  folder = {
    root,
    given: null,
    store: null,
    ledger: root,
    state: path.join(root, "state"),
    captures: root,
    reports: root,
  };
});

describe("what an agent remembers", () => {
  it("is its own rows, last first", () => {
    rememberRows(folder, "one", ["a"]);
    rememberRows(folder, "two", ["x"]);
    rememberRows(folder, "one", ["b", "c"]);
    expect(rememberedRows(folder, "one")).toEqual(["c", "b", "a"]);
    expect(rememberedRows(folder, "two")).toEqual(["x"]);
    expect(readdirSync(path.join(folder.state, "one"))).toEqual(["written.json"]);
  });

  it("is let go where it can't be written: the row that it is of is in the ledger", () => {
    writeFileSync(folder.state, "");
    expect(() => rememberRows(folder, "one", ["a"])).not.toThrow();
    expect(rememberedRows(folder, "one")).toEqual([]);
  });

  it("is let go whole where its last row can't be written, so that no earlier one is taken for it", () => {
    rememberRows(folder, "one", ["a"]);
    const own = path.join(folder.state, "one");
    mkdirSync(path.join(own, `written.json.${String(process.pid)}`));
    rememberRows(folder, "one", ["b"]);
    expect(rememberedRows(folder, "one")).toEqual([]);
    expect(readdirSync(own)).toEqual([]);
  });

  it("is bounded", () => {
    for (let row = 0; row < 130; row += 1) rememberRows(folder, "one", [`row-${row}`]);
    expect(rememberedRows(folder, "one")).toHaveLength(100);
    expect(rememberedRows(folder, "one")[0]).toBe("row-129");
  });

  it("is nothing where its file was deleted or spoilt", () => {
    expect(rememberedRows(folder, "one")).toEqual([]);
    rememberRows(folder, "one", ["a"]);
    writeFileSync(path.join(folder.state, "one", "written.json"), '[1, "a');
    expect(rememberedRows(folder, "one")).toEqual([]);
  });
});

describe("an agent's name", () => {
  it.each(["operator", "agent-1", "A.b_c"])("may be %s", (name) => {
    expect(readAgent(name, { variables: {} })).toBe(name);
  });

  it.each(["", "..", "../other", "a/b", ".hidden", "x".repeat(65)])("is not %j", (name) => {
    expect(() => readAgent(name, { variables: {} })).toThrow("--agent: expected up to 64 letters");
  });
});
