import { existsSync } from "node:fs";

import type { CommandLine } from "../drivers/driver.ts";

/** What an agent must not see of the machine, and what of it it must. Absolute paths. */
export interface Masks {
  /** Bubblewrap's executable. */
  readonly bubblewrap: string;
  /** Folders that the agent finds empty: the task bank, the ledger, other windows. */
  readonly hidden: readonly string[];
  /** Folders below hidden ones that it sees all the same: its own attempt's. */
  readonly visible: readonly string[];
  readonly cwd: string;
}

/**
 * Wraps a command so that it finds the hidden folders empty. Processes stay where they were
 * otherwise: signals, the sweep and the way to the proxy are as without it.
 */
export function maskFolders({ file, args, env }: CommandLine, masks: Masks): CommandLine {
  const { bubblewrap, hidden, visible, cwd } = masks;
  return {
    file: bubblewrap,
    args: [
      "--dev-bind",
      "/",
      "/",
      // Without capabilities not even root can take the masks off again.
      "--cap-drop",
      "ALL",
      ...hidden.filter((folder) => existsSync(folder)).flatMap((folder) => ["--tmpfs", folder]),
      ...visible.flatMap((folder) => ["--bind", folder, folder]),
      "--chdir",
      cwd,
      "--",
      file,
      ...args,
    ],
    env,
  };
}
