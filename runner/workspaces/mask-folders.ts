import { existsSync } from "node:fs";

import type { CommandLine } from "../drivers/driver.ts";

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
