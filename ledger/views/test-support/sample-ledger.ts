import type { Clock } from "../../domain/clock.ts";
import type { LedgerFile } from "../../domain/ledger-file.ts";
import type { NewRow, Row } from "../../domain/row.ts";
import type { LedgerStore } from "../../store/store.ts";
import { manualClock } from "../../store/test-support/manual-clock.ts";
import { createMemoryStore } from "../../store/test-support/memory-store.ts";

/** A ledger in memory that counts its ids, so that two equal ledgers are equal to the byte. */
export function createSampleLedger(clock: Clock = manualClock()): LedgerStore {
  let next = 0;
  return createMemoryStore({
    clock,
    agentId: "agent",
    toolVersion: "0.1.0",
    makeId: () => {
      next += 1;
      return sampleId(next - 1);
    },
  });
}

/** The id of the nth row of a sample ledger, counted from 1. Id 0 is that of the store. */
export function sampleId(place: number): string {
  return `00000000-0000-7000-8000-${String(place + 1).padStart(12, "0")}`;
}

/** Rows with the file that each belongs to. */
export type Filed = readonly [LedgerFile, NewRow];

/** Appends the rows one by one and returns them as they were stamped. */
export async function appendAll(
  store: LedgerStore,
  rows: readonly Filed[],
): Promise<readonly Row[]> {
  const written: Row[] = [];
  for (const [file, row] of rows) {
    written.push(...(await store.append(file, [row])));
  }
  return written;
}
