import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { findExecutable } from "../drivers/find-executable.ts";
import type { Environment } from "../environment.ts";

const PROBE_LIMIT_MS = 10_000;
const run = promisify(execFile);
const tried = new Map<string, Promise<boolean>>();

/**
 * The path of bubblewrap where it is installed and allowed to work. Containers often have it and
 * forbid what it does: only a try tells, and one try a process is enough.
 */
export async function findBubblewrap({
  platform,
  variables,
}: Pick<Environment, "platform" | "variables">): Promise<string | undefined> {
  if (platform !== "linux") return undefined;
  const file = await findExecutable("bwrap", variables["PATH"]);
  if (file === undefined) return undefined;
  const works = tried.get(file) ?? tryOut(file);
  tried.set(file, works);
  return (await works) ? file : undefined;
}

async function tryOut(file: string): Promise<boolean> {
  const args = ["--unshare-all", "--dev-bind", "/", "/", "--", "/bin/sh", "-c", ":"];
  return await run(file, args, { timeout: PROBE_LIMIT_MS, env: {} }).then(
    () => true,
    () => false,
  );
}
