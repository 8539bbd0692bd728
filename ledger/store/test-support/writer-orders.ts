/** The orders of a writing process. */
export interface WriterOrders {
  readonly folder: string;
  /** The address of a database that has the ledger; the folder then is this machine's copy. */
  readonly store?: string;
  readonly name: string;
  /** `both` does a little of each in turn. */
  readonly task: "rows" | "befores" | "both";
  readonly seed: number;
  readonly batches: number;
  /** Batches after which it says that it is ready; 0 by default: as soon as the ledger is open. */
  readonly readyAfter?: number;
  /** Shortest text of a row; 200 by default. */
  readonly bytesMin?: number;
  /** Longest text of a row. */
  readonly bytesMax: number;
  readonly segmentBytesMax: number;
}
