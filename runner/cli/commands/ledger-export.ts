import path from "node:path";

import { EXIT } from "../../../ledger/domain/exit-codes.ts";
import { copyLedger } from "../../../ledger/export/copy-ledger.ts";
import { exportCsv } from "../../../ledger/export/export-csv.ts";
import { exportParquet } from "../../../ledger/export/export-parquet.ts";
import {
  type Exported,
  type ExportedFile,
  makeExport,
} from "../../../ledger/export/make-export.ts";
import { nodeFileSystem } from "../../../ledger/store/node-file-system.ts";
import type { LedgerStore } from "../../../ledger/store/store.ts";
import { verifyLedger } from "../../../ledger/verification/verify-ledger.ts";
import { plainTable } from "../../../reports/text/plain-table.ts";
import type { CodeOf, OptionsOf } from "../definitions/definition.ts";
import type { exportTo as definition } from "../definitions/ledger-commands.ts";
import { findLedger, useLedger } from "../open-ledger.ts";
import { refuseDamage } from "../refuse-damage.ts";
import { jsonOr } from "../result.ts";
import { tellOthers } from "../tell-others.ts";

type LedgerExportOptions = OptionsOf<typeof definition>;

/** Copies the ledger with any damage, or writes the rows of an undamaged one as tables. */
export const ledgerExport: CodeOf<typeof definition> = async (options, environment) => {
  const folder = findLedger(options, environment);
  const out = path.resolve(environment.cwd, options.out);
  return await useLedger(folder, environment, async (store) => {
    const folders = { ledger: folder.ledger, out };
    const { files, others } = await makeExport(folders, async (draft) => {
      if (options.to !== "jsonl") refuseDamage(folder.ledger, `export it to ${options.to}`);
      return await write(options.to, store, { ledger: folder.ledger, draft });
    });
    tellOthers(others, environment);
    const isDamaged = options.to === "jsonl" && verifyLedger(out, { mode: "full" }).isDamaged;
    return {
      exitCode: isDamaged ? EXIT.damaged : EXIT.done,
      output: jsonOr(options, { out, is_damaged: isDamaged, files }, () =>
        show(files, { out, isDamaged }),
      ),
    };
  });
};

async function write(
  format: LedgerExportOptions["to"],
  store: LedgerStore,
  { ledger, draft }: { readonly ledger: string; readonly draft: string },
): Promise<Exported> {
  const place = { fileSystem: nodeFileSystem, folder: ledger };
  switch (format) {
    case "jsonl":
      return { files: copyLedger(place, draft), others: [] };
    case "csv":
      return exportCsv(store, draft);
    case "parquet":
      return await exportParquet(place, draft);
  }
}

function show(
  files: readonly ExportedFile[],
  { out, isDamaged }: { readonly out: string; readonly isDamaged: boolean },
): string {
  const lines = files.map(({ name, rows, bytes }) => [
    name,
    rows === null ? "" : String(rows),
    String(bytes),
  ]);
  return [
    `Written to ${out}`,
    "",
    plainTable([["FILE", "ROWS", "BYTES"], ...lines]),
    ...(isDamaged
      ? ["", 'The copy is as damaged as the ledger: "experiment ledger verify" says where.']
      : []),
  ].join("\n");
}
