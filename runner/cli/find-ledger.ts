import { existsSync } from "node:fs";

import type { Environment } from "../environment.ts";
import { type DataFolder, locateDataFolder } from "../session/data-folder.ts";
import { NothingRecordedError } from "./open-ledger.ts";

/** @throws NothingRecordedError where there is no ledger: a command that only looks makes none. */
export function findLedger(
  { dataDir }: { readonly dataDir?: string },
  environment: Environment,
): DataFolder {
  const folder = locateDataFolder(dataDir, environment);
  if (existsSync(folder.ledger)) return folder;
  throw new NothingRecordedError(
    `${folder.ledger}: there is no ledger here. Run "experiment run" first, or name its folder with --data-dir.`,
  );
}
