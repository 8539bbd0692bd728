import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect, it } from "vitest";

import { temporaryFolder } from "../../../platform/test-support/temporary-folder.ts";
import { stripFiles } from "./strip-files.ts";

/** The files of a solution without their types. */
function strip(files: Readonly<Record<string, string>>): Record<string, string> {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return JSON.parse(Buffer.from(stripFiles(folder)).toString());
}

it("Types are removed from the TypeScript of every folder, and nothing else is touched", () => {
  const stripped = strip({
    "a.ts": "export const a: number = 1;",
    "deep/er/b.mts": "export const b = 2 as number;",
    "c.js": "export const c = 3;",
    "notes.ts.txt": "no: code",
  });
  expect(Object.keys(stripped).toSorted()).toEqual(["a.ts", "deep/er/b.mts"]);
  expect(stripped["a.ts"]).toMatch(/^export const a *= 1;$/);
  expect(stripped["deep/er/b.mts"]).not.toContain("as number");
});

it("A file that can't be stripped is left to the host that loads it", () => {
  expect(Object.keys(strip({ "a.ts": "enum A { One }", "b.ts": "const b: string = '';" }))).toEqual(
    ["b.ts"],
  );
});

it("Files that are too many for one message are left to the hosts", () => {
  const long = `export const text = "${"x".repeat(250_000)}";`;
  expect(strip({ "a.ts": long })).toHaveProperty(["a.ts"]);
  expect(strip({ "a.ts": long, "b.ts": long })).toEqual({});
});
