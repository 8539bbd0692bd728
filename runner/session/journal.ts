import type { LedgerFile } from "../../ledger/domain/ledger-file.ts";
import type { NewRow, Row } from "../../ledger/domain/row.ts";
import type { LedgerStore } from "../../ledger/store/store.ts";

/** The session's one way into the ledger: what is acknowledged is folded into the view at once. */
export interface Journal {
  /** Resolves when the rows are durable and folded. */
  write(file: LedgerFile, rows: readonly NewRow[]): Promise<readonly Row[]>;
  /** Hands the rows over without waiting; a failure surfaces at the next `write` or `settled`. */
  post(file: LedgerFile, rows: readonly NewRow[]): void;
  /** Resolves when everything handed over is durable. */
  settled(): Promise<void>;
}

export function openJournal(store: LedgerStore, fold: (row: Row) => void): Journal {
  const pending = new Set<Promise<unknown>>();
  let failure: { readonly error: unknown } | null = null;

  async function append(file: LedgerFile, rows: readonly NewRow[]): Promise<readonly Row[]> {
    const written = await store.append(file, rows);
    for (const row of written) fold(row);
    return written;
  }

  function throwFailure(): void {
    if (failure !== null) throw failure.error;
  }

  return {
    write: async (file, rows) => {
      throwFailure();
      return await append(file, rows);
    },
    post: (file, rows) => {
      const posting = append(file, rows)
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => pending.delete(posting));
      pending.add(posting);
    },
    settled: async () => {
      await Promise.all(pending);
      throwFailure();
    },
  };
}
