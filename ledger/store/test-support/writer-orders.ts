/** What a writing process is told to do. */
export interface WriterOrders {
  readonly folder: string;
  readonly name: string;
  readonly task: "rows" | "befores";
  readonly seed: number;
  readonly batches: number;
  /** Longest text of a row. */
  readonly bytesMax: number;
  readonly segmentBytesMax: number;
}
