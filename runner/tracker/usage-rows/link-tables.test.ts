import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect, it } from "vitest";

import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { linkTables } from "./link-tables.ts";

const START = "<!-- counterbalance: ledgers -->";
const END = "<!-- /counterbalance -->";
const BLOCK = `${START}\n- \`a.csv\`\n- \`b/c.csv\`\n${END}`;

/** A page, after the paths of two files next to it were written into it. */
function handedOff(text: string): string {
  const folder = temporaryFolder();
  const page = path.join(folder, "HANDOFF.md");
  writeFileSync(page, text);
  linkTables(page, [path.join(folder, "a.csv"), path.join(folder, "b/c.csv")]);
  return readFileSync(page, "utf8");
}

it.each([
  ["", `${BLOCK}\n`],
  ["# Notes\n", `# Notes\n${BLOCK}\n`],
  ["# Notes", `# Notes\n${BLOCK}\n`],
  ["# Notes\r\n", `# Notes\r\n${BLOCK.replaceAll("\n", "\r\n")}\r\n`],
  [`a\n${START}\nold\n${END}\nb\n`, `a\n${BLOCK}\nb\n`],
  [`a\n${START}${END} b`, `a\n${BLOCK} b`],
  [
    `\`\`\`\n${START}\n${END}\n\`\`\`\n${START}\n${END}\n`,
    `\`\`\`\n${START}\n${END}\n\`\`\`\n${BLOCK}\n`,
  ],
  [`~~~\n${START}\n`, `~~~\n${START}\n${BLOCK}\n`],
])("a page %j becomes %j", (before, after) => {
  expect(handedOff(before)).toBe(after);
});

it("stays as it is the second time", () => {
  const once = handedOff("# Notes\n");
  expect(handedOff(once)).toBe(once);
});

it.each([
  [`${START}\n`, "got 1 and 0"],
  [`${END}\n`, "got 0 and 1"],
  [`${END}\n${START}\n`, "got 1 and 1"],
  [`${START}\n${START}\n${END}\n`, "got 2 and 1"],
  [`${START}\n${END}\n${END}\n`, "got 1 and 2"],
])("a page %j without one pair of markers is refused", (text, told) => {
  expect(() => handedOff(text)).toThrow(told);
});

it("needs a page that is a file", () => {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, "page"));
  expect(() => linkTables(path.join(folder, "none"), [])).toThrow("got none. Make it first");
  expect(() => linkTables(path.join(folder, "page"), [])).toThrow("got a folder");
});
