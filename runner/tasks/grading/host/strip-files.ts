import { readFileSync, readdirSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import path from "node:path";

import { PAYLOAD_BYTES_MAX } from "./frames.ts";

/**
 * Removes the types from the solution's files once, so that its other hosts need not load the compiler. It runs
 * before any code of the solution. Returns a JSON object of the files that it could read.
 */
export function stripFiles(folder: string): Uint8Array {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const files = names
    .filter((name) => /\.m?ts$/u.test(name))
    .map((name) => [name, strip(path.join(folder, name))]);
  const answer = Buffer.from(JSON.stringify(Object.fromEntries(files)));
  return answer.byteLength > PAYLOAD_BYTES_MAX ? Buffer.from("{}") : answer;
}

/** A file that can't be stripped is left to each host, which then says why. */
function strip(file: string): string | undefined {
  try {
    return stripTypeScriptTypes(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
