/**
 * Runs publint on the packed package. The tasks' workspaces are left out: they are copied for agents, and no program
 * imports from them in place, so that a nested `exports` does no harm there.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const tools = createRequire(path.join(import.meta.dirname, "tools/package.json"));
const { publint } = await import(tools.resolve("publint"));
const { formatMessage } = await import(tools.resolve("publint/utils"));

const WORKSPACE = /^task-bank\/[^/]+\/workspace\//u;

const pkgDir = path.join(import.meta.dirname, "..");
const options = ["pack", "--dry-run", "--json", "--ignore-scripts"];
const [{ files }] = JSON.parse(
  execFileSync("npm", options, { cwd: pkgDir, maxBuffer: 2 ** 26, encoding: "utf8" }),
);
const read = files
  .map((file) => file.path)
  .filter((file) => !WORKSPACE.test(file))
  .map((file) => ({ name: `package/${file}`, data: readFileSync(path.join(pkgDir, file)) }));

const { messages, pkg } = await publint({ pkgDir: "package", pack: { files: read } });
for (const message of messages) {
  process.stdout.write(`${message.type}: ${formatMessage(message, pkg)}\n`);
}
process.stdout.write(`publint read ${read.length} files: ${messages.length} messages\n`);
if (messages.length > 0) process.exitCode = 1;
