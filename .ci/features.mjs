/**
 * Runs all specs that are not slow, or with `long` those that are, in several processes. The threads that cucumber-js
 * has for this share one large process, and each start of a program copies its page tables: that took a third of the time.
 */
import { globSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { execa } from "execa";

const SHARDS = 5;
const RESULTS = ".experiment/tests";
const DOTS = /^[\s.\-AFPU]*$/u;
const isLong = process.argv[2] === "long";
const NAME = isLong ? "cucumber-long" : "cucumber";

mkdirSync(RESULTS, { recursive: true });
for (const file of globSync(`${RESULTS}/${NAME}-of-*.ndjson`)) rmSync(file);
await execa(process.execPath, [".ci/build.mjs", "step-definitions/tsconfig.json"], {
  stdio: "inherit",
});

const kept = mkdtempSync(path.join(tmpdir(), "counterbalance-kept-"));
process.once("exit", () => rmSync(kept, { recursive: true, force: true }));
const ends = await Promise.all(Array.from({ length: SHARDS }, (_, index) => run(index + 1)));
console.log("");
for (const { said } of ends) console.log(said.trim());
process.exitCode = ends.every(({ exitCode }) => exitCode === 0) ? 0 : 1;

/** Shows the dots as they come. What else a process says is for the end. */
async function run(shard) {
  const message = `message:${RESULTS}/${NAME}-of-${SHARDS}-${shard}.ndjson`;
  const profile = isLong ? ["--profile", "long"] : [];
  const args = [...profile, "--shard", `${shard}/${SHARDS}`, "--exit", "--format", "progress"];
  const cucumber = execa("cucumber-js", [...args, "--format", message], {
    env: { COUNTERBALANCE_KEPT: kept },
    preferLocal: true,
    stdin: "ignore",
    stderr: "inherit",
    buffer: false,
    reject: false,
  });
  let said = "";
  cucumber.stdout.setEncoding("utf8").on("data", (text) => {
    if (said === "" && DOTS.test(text)) process.stdout.write(text.trim());
    else said += text;
  });
  const { exitCode } = await cucumber;
  return { exitCode, said };
}
