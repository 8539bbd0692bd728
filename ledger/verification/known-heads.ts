import type { LedgerFile } from "../domain/ledger-file.ts";
import type { Head } from "../store/store.ts";

const SEGMENT_FACTOR = 4_294_967_296;

/** What checkpoints say of one file, ticked off while the file is walked through. */
export class KnownHeads {
  readonly #heads = new Map<number, Head>();

  constructor(file: LedgerFile, heads: Iterable<Head>) {
    for (const head of heads) {
      if (head.file === file) this.#heads.set(keyOf(head.segment, head.bytes), head);
    }
  }

  /** Takes note that a row with this hash ends there; with its newline or, after a crash, without. */
  pass(segment: number, end: number, h: string): void {
    if (this.#heads.size === 0) return;
    for (const bytes of [end, end - 1]) {
      const key = keyOf(segment, bytes);
      if (this.#heads.get(key)?.h === h) this.#heads.delete(key);
    }
  }

  /** Heads that no row bears out. */
  get unconfirmed(): readonly Head[] {
    return [...this.#heads.values()];
  }
}

function keyOf(segment: number, bytes: number): number {
  return segment * SEGMENT_FACTOR + bytes;
}
