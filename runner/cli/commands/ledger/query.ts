import { queryLedger } from "../../../../ledger/query/query-ledger.ts";
import { nodeFileSystem } from "../../../../ledger/store/node-file-system.ts";
import { plainTable } from "../../../../reports/text/plain-table.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import { findLedger } from "../../../experiment/session/recorded-experiment.ts";
import { readLedger } from "../../../platform/environment/use-ledger.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf } from "../../definition.ts";
import { refuseDamage } from "../../ledger/refuse-damage.ts";
import { tellOthers } from "../../ledger/tell-others.ts";
import { done } from "../../result.ts";
import type { query as definition } from "./definition.ts";

const ROWS_SHOWN_MAX = 1_000;
const ROWS_JSON_MAX = 100_000;

/** Answers a SELECT over the ledger's rows. */
export const ledgerQuery: CodeOf<typeof definition> = async (options, environment) => {
  const located = findLedger(options, environment);
  const { ledger: folder } = located;
  // Opening the ledger moves a torn write, which is not a row, to quarantine.
  await readLedger(located, environment, () => undefined);
  refuseDamage(folder, "query it");
  const place = { fileSystem: nodeFileSystem, folder };
  const rowsMax = options.json === true ? ROWS_JSON_MAX : ROWS_SHOWN_MAX;
  const { columns, rows, isCut, others } = await queryLedger(place, { sql: options.sql, rowsMax });
  tellOthers(others, environment);
  if (isCut) {
    environment.stderr.write(
      `experiment: there are more than ${String(rowsMax)} rows; the rest is not shown. Add a LIMIT.\n`,
    );
  }
  if (options.json === true) {
    const objects = rows.map((row) =>
      Object.fromEntries(columns.map((column, index) => [column, row[index]])),
    );
    return done(JSON.stringify(objects, null, 2));
  }
  return done(
    plainTable([columns.map(toPlainLine), ...rows.map((row) => row.map(cell))], {
      columns: columnsOf(environment),
    }),
  );
};

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  return toPlainLine(typeof value === "string" ? value : JSON.stringify(value));
}
