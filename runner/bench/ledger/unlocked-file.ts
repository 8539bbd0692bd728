import { setImmediate as nextTurn } from "node:timers/promises";

import type { NewRow } from "../../../ledger/domain/row.ts";
import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import type { FileSystem } from "../../../ledger/store/file-system.ts";
import { rowIdMaker } from "../../../ledger/store/make-row-id.ts";
import { prepareRow, type PreparedRow, stampRow } from "../../../ledger/store/prepared-row.ts";
import { systemClock } from "../../platform/environment/environment.ts";

interface Pending {
  readonly row: PreparedRow;
  readonly resolve: () => void;
}

/**
 * What the ledger is held against: rows of the same bytes with the same hashes, batched in the same way,
 * one write and one sync a batch, to the same file, and no lock. Each process chains only its own rows,
 * so that what they write together is not a ledger.
 */
export class UnlockedFile {
  readonly #fileSystem: FileSystem;
  readonly #fd: number;
  readonly #defaults = {
    agentId: "bench",
    toolVersion: "0.0.0",
    makeId: rowIdMaker(systemClock),
  };
  #queue: Pending[] = [];
  #isDraining = false;
  #last = { seq: 0, h: "x".repeat(43) };

  constructor(path: string, fileSystem: FileSystem) {
    this.#fileSystem = fileSystem;
    this.#fd = fileSystem.open(path, "a+");
  }

  append(row: NewRow): Promise<void> {
    const prepared = prepareRow("budgets", row, this.#defaults);
    return new Promise((resolve) => {
      this.#queue.push({ row: prepared, resolve });
      if (!this.#isDraining) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#isDraining = true;
    while (this.#queue.length > 0) {
      await nextTurn();
      const batch = this.#queue;
      this.#queue = [];
      const recordedAt = timestampOf(systemClock.nowMs());
      const lines = batch.map(({ row }) => this.#line(row, recordedAt));
      this.#fileSystem.write(this.#fd, Buffer.from(`${lines.join("\n")}\n`));
      await this.#fileSystem.fdatasync(this.#fd);
      for (const { resolve } of batch) resolve();
    }
    this.#isDraining = false;
  }

  #line(row: PreparedRow, recordedAt: string): string {
    const seq = this.#last.seq + 1;
    const stamp = { seq, prev: this.#last.h, recordedAt };
    const { line, h } = stampRow(row, stamp);
    this.#last = { seq, h };
    return line;
  }
}
