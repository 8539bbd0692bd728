/**
 * Runs a program that checks this repository, and installs all of them on first use.
 * Arguments: its name, and its own arguments, for example oxlint --type-aware.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

const folder = path.join(import.meta.dirname, "tools");
const programs = path.join(folder, "node_modules", ".bin");
const [name, ...args] = process.argv.slice(2);

if (!existsSync(path.join(programs, name))) {
  process.stderr.write("Installing the programs that check this repository …\n");
  run("npm", ["ci", "--prefix", folder], process.env.PATH);
}
run(name, args, [programs, process.env.PATH].join(path.delimiter));

function run(program, given, PATH) {
  const { status, error } = spawnSync(program, given, {
    stdio: "inherit",
    env: { ...process.env, PATH },
  });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
