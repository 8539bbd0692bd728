/**
 * Removes the types from the solution's files once, so that its hosts need not load the compiler. It runs
 * in a process of its own, isolated like a host, because it reads what an agent wrote. It writes a JSON
 * object of the files that it could read to its standard output.
 */
import { readFileSync, readdirSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import path from "node:path";

const folder = process.argv[2] ?? "";
const stripped: Record<string, string> = {};
for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
  const source = /\.m?ts$/u.test(name) ? strip(path.join(folder, name)) : undefined;
  if (source !== undefined) stripped[name] = source;
}
process.stdout.write(JSON.stringify(stripped));

/** A file that can't be stripped is left to the host, which then says why. */
function strip(file: string): string | undefined {
  try {
    return stripTypeScriptTypes(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
