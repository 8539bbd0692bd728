/** Stands for a number that is not there. */
export const ABSENT = 0xffff_ffff;
const ROWS_A_CHUNK = 4_096;

/** Whether a count fits into four bytes and is none that stands for nothing. */
export function isShort(count: number): boolean {
  return count < ABSENT;
}

type Numbers = Uint32Array | Float64Array;

/** Rows of a fixed number of numbers, 4 or 8 bytes each. It grows by chunks, so that nothing is copied. */
export class Table {
  readonly #width: number;
  readonly #Numbers: new (length: number) => Numbers;
  readonly #chunks: Numbers[] = [];
  #rows = 0;

  constructor(width: number, kind: new (length: number) => Numbers) {
    this.#width = width;
    this.#Numbers = kind;
  }

  /** Adds a row of zeros and returns its number, from 0. */
  add(): number {
    const row = this.#rows;
    this.#rows += 1;
    if (row % ROWS_A_CHUNK === 0) this.#chunks.push(new this.#Numbers(ROWS_A_CHUNK * this.#width));
    return row;
  }

  /** 0 where the table has not grown so far. */
  get(row: number, column: number): number {
    const chunk = this.#chunks[Math.floor(row / ROWS_A_CHUNK)];
    return chunk?.[(row % ROWS_A_CHUNK) * this.#width + column] ?? 0;
  }

  set(row: number, column: number, value: number): void {
    while (row >= this.#rows) this.add();
    const chunk = this.#chunks[Math.floor(row / ROWS_A_CHUNK)];
    if (chunk !== undefined) chunk[(row % ROWS_A_CHUNK) * this.#width + column] = value;
  }
}
