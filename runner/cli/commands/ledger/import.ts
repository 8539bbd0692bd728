import { existsSync, readdirSync } from "node:fs";
import path from "node:path";

import { copyLedger } from "../../../../ledger/export/copy-ledger.ts";
import { makeExport } from "../../../../ledger/export/make-export.ts";
import { HEADER_NAME } from "../../../../ledger/store/ledger-header.ts";
import { nodeFileSystem } from "../../../../ledger/store/node-file-system.ts";
import { countNoun } from "../../../../reports/text/number-text.ts";
import { ConfigurationError } from "../../../platform/environment/configuration-error.ts";
import {
  createDataFolder,
  type DataFolder,
  locateDataFolder,
} from "../../../platform/environment/data-folder.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import type { CodeOf } from "../../definition.ts";
import { refuseDamage } from "../../ledger/refuse-damage.ts";
import { doneWith } from "../../result.ts";
import type { importFrom as definition } from "./definition.ts";

/** Puts a copy of a ledger into an empty store, or into a data folder without a ledger. */
export const ledgerImport: CodeOf<typeof definition> = async (options, environment) => {
  const source = findSource(options.folder, environment);
  const { ledgerId = "", files } = refuseDamage(source, "import it");
  const folder = locateDataFolder(options.dataDir, environment);
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  const target = folder.store?.shown ?? folder.ledger;
  if (folder.store === null) await importIntoFolder(source, folder);
  else {
    const { importLedger } = await import("../../../../ledger/store/postgres/import-ledger.ts");
    const place = { fileSystem: nodeFileSystem, folder: source };
    await importLedger(folder.store, { ...place, ledgerId });
  }
  const say = () => `Ledger ${ledgerId}: ${countNoun(rows, "row")} imported into ${target}`;
  return doneWith(options, { ledger_id: ledgerId, rows, target }, say);
};

/** The folder itself, or the ledger of a data folder. */
function findSource(given: string, { cwd }: Environment): string {
  const folder = path.resolve(cwd, given);
  const found = [folder, path.join(folder, "ledger")].find((one) =>
    existsSync(path.join(one, HEADER_NAME)),
  );
  if (found !== undefined) return found;
  throw new ConfigurationError(
    `${folder}: expected a ledger, as "experiment ledger export --to jsonl" writes it, got none. Name its folder.`,
  );
}

async function importIntoFolder(source: string, folder: DataFolder): Promise<void> {
  const { ledger } = folder;
  if (existsSync(ledger) && readdirSync(ledger).length > 0) {
    throw new ConfigurationError(
      `${ledger}: expected no ledger yet, got one. Nothing was written. Name another folder with --data-dir.`,
    );
  }
  createDataFolder(folder);
  const place = { fileSystem: nodeFileSystem, folder: source };
  await makeExport({ ledger: source, out: ledger }, async (draft) => ({
    files: copyLedger(place, draft),
    others: [],
  }));
}
