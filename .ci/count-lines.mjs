// Counts lines of product code by folder: without blanks, comments, tests, test support and benches.
// Usage: node .ci/count-lines.mjs [FOLDER DEPTH]
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const depth = Number(process.argv[2] ?? 2);
const files = execFileSync("git", ["ls-files", "ledger/*.ts", "reports/*.ts", "runner/*.ts"], {
  encoding: "utf8",
})
  .trim()
  .split("\n")
  .filter((file) => !/\.test\.ts$|\/test-support\/|\/bench\//.test(file));

/** A line counts if code is left on it when comments are gone. */
function countLines(file) {
  const code = readFileSync(file, "utf8").replaceAll(/\/\*[\s\S]*?\*\//g, "");
  return code.split("\n").filter((line) => !/^\s*(?:\/\/|$)/.test(line)).length;
}

const counts = new Map();
for (const file of files) {
  const folder = file.split("/").slice(0, -1).slice(0, depth).join("/");
  counts.set(folder, (counts.get(folder) ?? 0) + countLines(file));
}
for (const [folder, lines] of counts) console.log(`${String(lines).padStart(6)}  ${folder}`);
const total = [...counts.values()].reduce((sum, lines) => sum + lines, 0);
console.log(`${String(total).padStart(6)}  in ${files.length} files`);
