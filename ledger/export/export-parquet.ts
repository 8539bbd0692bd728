import { statSync } from "node:fs";
import path from "node:path";

import { openTables, quoteName, quoteText } from "../query/open-tables.ts";
import type { LedgerFolder } from "../store/file-system.ts";
import type { Exported, ExportedFile } from "./make-export.ts";
import { recordFileName } from "./record-file-name.ts";

/** A group is in memory until it is written; DuckDB's own size, 122,880 rows, takes 300 MiB. */
const ROWS_A_GROUP = 10_240;

/** Writes one Parquet file for each record that has rows, its columns typed by its rows and its schema. */
export async function exportParquet(place: LedgerFolder, to: string): Promise<Exported> {
  const { connection, records, others, close } = await openTables(place, { alsoWritesTo: to });
  try {
    const files: ExportedFile[] = [];
    for (const [record, rows] of records) {
      if (rows === 0) continue;
      const name = recordFileName(record, "parquet");
      const file = path.join(to, name);
      await connection.run(
        `COPY (SELECT * FROM ${quoteName(record)}) TO ${quoteText(file)} (FORMAT parquet, ROW_GROUP_SIZE ${ROWS_A_GROUP})`,
      );
      files.push({ name, rows, bytes: statSync(file).size });
    }
    return { files, others };
  } finally {
    close();
  }
}
