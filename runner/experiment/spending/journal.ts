import type { LedgerFile } from "../../../ledger/domain/ledger-file.ts";
import type { NewRow, Row } from "../../../ledger/domain/row.ts";
import type {
  AppendOptions,
  AppendRule,
  LedgerReader,
  LedgerStore,
} from "../../../ledger/store/store.ts";
import { makeCheckpoint } from "../../../ledger/verification/make-checkpoint.ts";

export type Journal = ReturnType<typeof openJournal>;

interface Offer {
  readonly unless: AppendRule;
  readonly written: () => void;
}

/** A debit of the same file follows each of these rows and syncs both, so a request waits for the disk once. */
const SYNCED_LATER: ReadonlySet<string> = new Set(["budget_reserved"]);

/** The session's only way into the ledger. It folds acknowledged rows into the view at once. */
export function openJournal(store: LedgerStore, fold: (row: Row) => void) {
  const pending = new Set<Promise<unknown>>();
  let failure: { readonly error: unknown } | null = null;

  async function append(
    file: LedgerFile,
    rows: readonly NewRow[],
    options: AppendOptions = {},
  ): Promise<readonly Row[]> {
    const written = await store.append(file, rows, options);
    for (const row of written) fold(row);
    return written;
  }

  /** Keeps a write that no caller awaits until it is settled. */
  function keep(writing: Promise<void>): void {
    const kept = writing
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => pending.delete(kept));
    pending.add(kept);
  }

  function throwFailure(): void {
    if (failure !== null) throw failure.error;
  }

  return {
    /** The ledger, with the rows of other processes. */
    ledger: store as LedgerReader,
    /** Resolves when the rows are durable and folded; rejects with what the rule returns, if anything. */
    write: async (file: LedgerFile, rows: readonly NewRow[], unless?: AppendRule) => {
      throwFailure();
      return await append(file, rows, unless === undefined ? {} : { unless });
    },
    /** Hands the rows over without waiting; a failure surfaces at the next `write` or `settled`. */
    post: (file: LedgerFile, rows: readonly NewRow[]): void => {
      const isLater = rows.every(({ record }) => SYNCED_LATER.has(record));
      keep(append(file, rows, { sync: isLater ? "later" : "now" }).then(() => undefined));
    },
    /** As `post`, for rows that a rule may refuse; calls `written` if it did not. */
    offer: (file: LedgerFile, rows: readonly NewRow[], offered: Offer): void => {
      keep(settleOffer(offered, async (unless) => await append(file, rows, { unless })));
    },
    /** Resolves when everything handed over is durable. */
    settled: async (): Promise<void> => {
      throwFailure();
      // Asking where the files end syncs the rows that were left for later.
      if (pending.size > 0) await store.heads();
      await Promise.all(pending);
      throwFailure();
    },
    /** Makes everything durable and records where every file ends. */
    checkpoint: async (): Promise<Row> => {
      throwFailure();
      return await makeCheckpoint(store);
    },
  };
}

/** A refusal by the offer's own rule is not a failure. */
async function settleOffer(
  { unless, written }: Offer,
  append: (unless: AppendRule) => Promise<unknown>,
): Promise<void> {
  let reason: ReturnType<AppendRule>;
  try {
    await append((ledger) => (reason = unless(ledger)));
  } catch (error) {
    if (error === reason) return;
    throw error;
  }
  written();
}
