import { LEDGER_FILES, type LedgerFile } from "../../../ledger/domain/ledger-file.ts";
import { ENVELOPE_KEYS, type NewRow, type Row } from "../../../ledger/domain/row.ts";
import type { LedgerReader } from "../../../ledger/store/store.ts";
import { HASH_THERE } from "./cite-anew.ts";
import type { FileRows } from "./switchboard.ts";

const STAMPED: ReadonlySet<string> = new Set(ENVELOPE_KEYS);

/** A row as it was handed in: without what the store has stamped. */
export function handedInRow({
  id,
  record,
  source,
  agent_id,
  schema_version,
  ...rest
}: Row): NewRow {
  const fields = Object.entries(rest).filter(([key]) => !STAMPED.has(key));
  return { id, record, source, agent_id, schema_version, ...Object.fromEntries(fields) };
}

/** The rows of a claim's own ledger as they were handed in, without those that it began with. */
export function rowsOfClaim(
  store: Pick<LedgerReader, "read">,
  known: ReadonlySet<string | undefined>,
  files: readonly LedgerFile[] = LEDGER_FILES,
): readonly FileRows[] {
  return files
    .filter((file) => file !== "checkpoints")
    .map((file) => ({
      file,
      rows: [...store.read(file)]
        .filter(({ id }) => !known.has(id))
        .map((row) => ({ ...handedInRow(row), [HASH_THERE]: row.h })),
    }));
}
