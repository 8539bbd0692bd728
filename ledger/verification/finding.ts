import type { LedgerFile } from "../domain/ledger-file.ts";
import { TAKE_BACK } from "../store/line-ends.ts";

const RESTORE =
  "Nothing was changed. Restore the file from a copy, or keep it and say in the report what is damaged.";

const RESTORE_STORE =
  "Nothing was changed. Restore the database from a copy that has the rows, or make a new one with: experiment ledger import";

/** What can be wrong with a ledger's files, and what to do about it. */
export const ADVICE = {
  "no-row": RESTORE,
  "chain-broken": RESTORE,
  "seq-gap": RESTORE,
  "unreadable-row": RESTORE,
  "unknown-version": "Read the ledger with the version of this program that wrote it.",
  "schema-broken":
    "Nothing was changed, and no figure counts the row. Ask whoever wrote it; a window's rows name its worker.",
  "duplicate-id":
    "Nothing was changed. Views count the first of the two rows; restore the file from a copy.",
  "line-ends": `Nothing was changed. ${TAKE_BACK}`,
  "segment-missing": "Put the segment back from a copy.",
  "segment-end": RESTORE,
  "torn-tail": "Nothing to do: the next command that opens the ledger moves them there.",
  "checkpoint-mismatch": "Do not use this ledger. Restore a copy that holds the checkpointed row.",
  "checkpoint-missing":
    "Restore checkpoints.jsonl from a copy. Without it, rows that were cut from the end of a file don't show.",
  "anchor-mismatch":
    "Do not decide by this ledger. Find the copy that the anchor was made of, or check that the anchor is this ledger's.",
  header: "Restore ledger.json from a copy; every checkpoint row names the ledger's id.",
  quarantine: "Restore the file from a copy; no row is read from it.",
  "head-mismatch": RESTORE_STORE,
  "copy-mismatch": RESTORE_STORE,
  "capture-changed":
    "Restore the capture from a copy; the reading was made from what its hash names.",
  "capture-missing":
    "Put the captures of the ledger's data folder next to it, so that the readings can be checked.",
  "work-changed":
    "Restore the bundle from a copy; the work can't be graded again without what its hash names.",
  "work-missing":
    "Put the captures of the ledger's data folder next to it, so that the work can be checked and graded again.",
  "log-changed": "Restore the file from a copy; its hash names what the agent printed.",
  "log-missing":
    '"experiment clean" removes such files, and a worker keeps its own. Otherwise put the captures of the ledger\'s data folder next to it.',
  "no-checkpoint":
    "Make a checkpoint, and keep it elsewhere: experiment ledger checkpoint --json > anchor.json",
  "failed-sync":
    "Run a command that opens the ledger, such as experiment preview: it rewrites the file. Then verify again.",
  "unknown-file": "Move it out of the ledger's folder. Every ledger needs a folder of its own.",
} as const satisfies Record<string, string>;

/**
 * One finding of a verification. `damage` means that something acknowledged was changed or is gone.
 * `unchecked`
 * means that such a thing would not show. A `note` is harmless, or mended when the ledger is next opened.
 */
export interface Finding {
  readonly kind: keyof typeof ADVICE;
  readonly severity: "damage" | "unchecked" | "note";
  /** Absent if it concerns the whole ledger. */
  readonly file?: LedgerFile;
  readonly segment?: number;
  /** Bytes from the start of the segment. */
  readonly offset?: number;
  readonly bytes?: number;
  readonly message: string;
}
