import { existsSync } from "node:fs";
import path from "node:path";

import { HEADER_NAME } from "../../ledger/store/ledger-header.ts";
import type { Environment } from "../environment.ts";
import { type DataFolder, locateDataFolder } from "../session/data-folder.ts";
import { NothingRecordedError } from "./open-ledger.ts";

/**
 * The data folder's ledger, or, where the folder is a ledger itself, that one: so is an exported copy.
 * @throws NothingRecordedError where there is no ledger: a command that only looks makes none.
 */
export function findLedger(
  { dataDir }: { readonly dataDir?: string },
  environment: Environment,
): DataFolder {
  const folder = locateDataFolder(dataDir, environment);
  if (existsSync(folder.ledger)) return folder;
  if (existsSync(path.join(folder.root, HEADER_NAME))) return { ...folder, ledger: folder.root };
  throw new NothingRecordedError(
    `${folder.ledger}: there is no ledger here. Run "experiment run" first, or name its folder with --data-dir.`,
  );
}
