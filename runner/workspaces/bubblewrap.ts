import { existsSync } from "node:fs";

import type { CommandLine } from "../drivers/driver.ts";
import { findExecutable } from "../drivers/probe-executable.ts";
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

/** Absolute paths. */
export interface Masks {
  /** Bubblewrap's executable. */
  readonly bubblewrap: string;
  /** Folders that the agent finds empty: the task bank, the ledger, other windows. */
  readonly hidden: readonly string[];
  /** The attempt's own folder, which the agent sees although it is inside a hidden one. */
  readonly visible: string;
  readonly cwd: string;
}

/** Wraps a command so that it finds the hidden folders empty. Signals and network stay as they are. */
export function maskFolders({ file, args, env }: CommandLine, masks: Masks): CommandLine {
  const { bubblewrap, hidden, visible, cwd } = masks;
  const existing = hidden.filter((folder) => existsSync(folder));
  // Without capabilities not even root can remove the masks.
  const machine = ["--dev-bind", "/", "/", "--cap-drop", "ALL"];
  const folders = [
    ...existing.flatMap((folder) => ["--tmpfs", folder]),
    "--bind",
    visible,
    visible,
  ];
  return {
    file: bubblewrap,
    args: [...machine, ...folders, "--chdir", cwd, "--", file, ...args],
    env,
  };
}
