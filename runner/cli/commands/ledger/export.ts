import path from "node:path";

import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import { copyLedger } from "../../../../ledger/export/copy-ledger.ts";
import { exportCsv } from "../../../../ledger/export/export-csv.ts";
import { exportParquet } from "../../../../ledger/export/export-parquet.ts";
import { type ExportedFile, makeExport } from "../../../../ledger/export/make-export.ts";
import { nodeFileSystem } from "../../../../ledger/store/node-file-system.ts";
import { verifyLedger } from "../../../../ledger/verification/verify-ledger.ts";
import { plainTable } from "../../../../reports/text/plain-table.ts";
import { findLedger } from "../../../experiment/session/recorded-experiment.ts";
import { readLedger } from "../../../platform/environment/use-ledger.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf } from "../../definition.ts";
import { refuseDamage } from "../../ledger/refuse-damage.ts";
import { tellOthers } from "../../ledger/tell-others.ts";
import { jsonOr } from "../../result.ts";
import type { exportTo as definition } from "./definition.ts";

/** Copies the ledger as it is, or writes the rows of an undamaged one as tables. */
export const ledgerExport: CodeOf<typeof definition> = async (options, environment) => {
  const { to } = options;
  const folder = findLedger(options, environment);
  const out = path.resolve(environment.cwd, options.out);
  const { files, others } = await makeExport({ ledger: folder.ledger, out }, async (draft) => {
    const place = { fileSystem: nodeFileSystem, folder: folder.ledger };
    // A copy is made without opening the ledger, which would refuse damage and other versions.
    if (to === "jsonl") return { files: copyLedger(place, draft), others: [] };
    return await readLedger(folder, environment, async (store) => {
      refuseDamage(folder.ledger, `export it to ${to}`);
      return to === "csv" ? exportCsv(store, draft) : await exportParquet(place, draft);
    });
  });
  tellOthers(others, environment);
  const isDamaged = to === "jsonl" && verifyLedger(out, { mode: "full" }).isDamaged;
  return {
    exitCode: isDamaged ? EXIT.damaged : EXIT.done,
    output: jsonOr(options, { out, is_damaged: isDamaged, files }, () =>
      show(files, { out, isDamaged, columns: columnsOf(environment) }),
    ),
  };
};

interface Shown {
  readonly out: string;
  readonly isDamaged: boolean;
  readonly columns: number | undefined;
}

function show(files: readonly ExportedFile[], { out, isDamaged, columns }: Shown): string {
  const lines = files.map(({ name, rows, bytes }) => [
    name,
    rows === null ? "" : String(rows),
    String(bytes),
  ]);
  return [
    `Written to ${out}`,
    "",
    plainTable([["FILE", "ROWS", "BYTES"], ...lines], { columns }),
    ...(isDamaged
      ? ["", 'The copy is as damaged as the ledger: "experiment ledger verify" says where.']
      : []),
  ].join("\n");
}
