import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { Environment } from "../environment.ts";

/** Where everything generated but workspaces is kept. Absolute paths. */
export interface DataFolder {
  readonly root: string;
  readonly ledger: string;
  readonly state: string;
  readonly captures: string;
  readonly reports: string;
}

const DEFAULT_FOLDER = ".experiment";

/** `--data-dir`, else the environment, else `.experiment` in the current folder. Creates nothing. */
export function locateDataFolder(option: string | undefined, environment: Environment): DataFolder {
  const { variables, cwd } = environment;
  const chosen =
    option ??
    variables["COUNTERBALANCE_DATA_DIR"] ??
    variables["TRACKER_DATA_DIR"] ??
    DEFAULT_FOLDER;
  const root = path.resolve(cwd, chosen);
  return {
    root,
    ledger: path.join(root, "ledger"),
    state: path.join(root, "state"),
    captures: path.join(root, "captures"),
    reports: path.join(root, "reports"),
  };
}

/** Makes the folders; they ignore themselves, so that nobody commits a ledger by accident. */
export function createDataFolder(folder: DataFolder): void {
  for (const each of Object.values(folder)) mkdirSync(each, { recursive: true });
  const ignore = path.join(folder.root, ".gitignore");
  if (!existsSync(ignore)) writeFileSync(ignore, "*\n");
}
