import { findExecutable } from "../drivers/find-executable.ts";
import type { Environment } from "../environment.ts";

const PROBE_LIMIT_MS = 10_000;
const tried = new Map<string, Promise<boolean>>();

/**
 * The path of bubblewrap if it is installed and works. Containers often have it and forbid what it
 * does, so it is tried once in each process.
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
  // Loaded on demand: most commands never ask for bubblewrap.
  const { execa } = await import("execa");
  const { failed } = await execa(file, args, {
    env: {},
    extendEnv: false,
    stdio: "ignore",
    timeout: PROBE_LIMIT_MS,
    reject: false,
  });
  return !failed;
}
