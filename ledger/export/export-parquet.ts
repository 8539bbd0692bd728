import { statSync } from "node:fs";
import path from "node:path";

import { openTables, quoteName, quoteText } from "../query/open-tables.ts";
import type { LedgerFolder } from "../store/ledger-folder.ts";
import type { ExportedFile } from "./exported-file.ts";
import { recordFileName } from "./record-file-name.ts";

/** Writes one Parquet file for each record, its columns typed by the rows themselves. */
export async function exportParquet(
  place: LedgerFolder,
  to: string,
): Promise<readonly ExportedFile[]> {
  const { connection, records, close } = await openTables(place, { alsoWritesTo: to });
  try {
    const files: ExportedFile[] = [];
    for (const [record, rows] of records) {
      const name = recordFileName(record, "parquet");
      const file = path.join(to, name);
      // oxlint-disable-next-line no-await-in-loop -- one connection does one thing at a time
      await connection.run(
        `COPY (SELECT * FROM ${quoteName(record)}) TO ${quoteText(file)} (FORMAT parquet)`,
      );
      files.push({ name, rows, bytes: statSync(file).size });
    }
    return files;
  } finally {
    close();
  }
}
