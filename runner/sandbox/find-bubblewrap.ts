import type { Environment } from "../environment.ts";
import { findTool } from "./harness-tools.ts";
import { sandboxLine } from "./sandbox-line.ts";

const PROBE_LIMIT_MS = 10_000;
const OUTPUT_CHARACTERS_MAX = 10_000;
const tried = new Map<string, Promise<string | null>>();

/** A sandbox that works here, or what is missing and what to do about it. */
export type SandboxProbe =
  | { readonly file: string }
  | { readonly file?: never; readonly lacks: string; readonly mend: string };

/**
 * Looks for bubblewrap and tries it, once in each process. Containers often have it and forbid what it
 * does.
 */
export async function probeBubblewrap({
  platform,
  variables,
}: Pick<Environment, "platform" | "variables">): Promise<SandboxProbe> {
  if (platform !== "linux") {
    return { lacks: `there is none for ${platform}`, mend: "Run on Linux with bubblewrap" };
  }
  const file = await findTool("bwrap", variables["PATH"]);
  if (file === undefined) {
    const mend = "Install bubblewrap, e.g. apt-get install bubblewrap";
    return { lacks: "bwrap is in no folder of PATH", mend };
  }
  const fault = tried.get(file) ?? tryOut(file);
  tried.set(file, fault);
  const said = await fault;
  if (said === null) return { file };
  const mend = "Allow user namespaces, e.g. in the settings of the container";
  return { lacks: `${file} does not work here: ${said}`, mend };
}

/** The path of bubblewrap if it is installed and works. */
export async function findBubblewrap(
  environment: Pick<Environment, "platform" | "variables">,
): Promise<string | undefined> {
  return (await probeBubblewrap(environment)).file;
}

/** What bubblewrap says if it fails; null if it works. */
async function tryOut(bubblewrap: string): Promise<string | null> {
  const [file = "", ...args] = sandboxLine({ bubblewrap, hasProc: true, readable: [] });
  // Loaded on demand: most commands never ask for bubblewrap.
  const { execa } = await import("execa");
  const { failed, stderr, shortMessage } = await execa(file, [...args, "/bin/sh", "-c", ":"], {
    env: {},
    extendEnv: false,
    stdin: "ignore",
    stdout: "ignore",
    timeout: PROBE_LIMIT_MS,
    maxBuffer: OUTPUT_CHARACTERS_MAX,
    reject: false,
  });
  if (!failed) return null;
  const [first = ""] = stderr.trim().split("\n");
  return first === "" ? (shortMessage ?? "it gave no reason") : first;
}
