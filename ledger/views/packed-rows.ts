const ROWS_A_CHUNK = 4_096;

/** A row's id, what it has in common with other rows, and its own numbers. */
export interface PackedRow<Common> {
  readonly id: string;
  readonly common: Common;
  readonly numbers: Float64Array;
}

/**
 * Keeps many rows in little memory: numbers in typed arrays, which the garbage collector need not walk,
 * and one object for all rows that are alike in everything else.
 */
export class PackedRows<Common extends object> {
  readonly #width: number;
  readonly #chunks: Float64Array[] = [];
  readonly #ids: string[] = [];
  readonly #commons: Common[] = [];
  readonly #commonNumbers = new Map<string, number>();
  #last = 0;

  /** @param width - How many numbers each row has. */
  constructor(width: number) {
    this.#width = width + 1;
  }

  /** Returns the number of the row, from 0. */
  add(id: string, common: Common, numbers: readonly number[]): number {
    const row = this.#ids.push(id) - 1;
    const chunk = (this.#chunks[Math.floor(row / ROWS_A_CHUNK)] ??= new Float64Array(
      ROWS_A_CHUNK * this.#width,
    ));
    const from = (row % ROWS_A_CHUNK) * this.#width;
    chunk[from] = this.#numberOf(common);
    chunk.set(numbers, from + 1);
    return row;
  }

  at(row: number): PackedRow<Common> {
    const from = (row % ROWS_A_CHUNK) * this.#width;
    const numbers = this.#chunks[Math.floor(row / ROWS_A_CHUNK)]?.subarray(
      from,
      from + this.#width,
    );
    const common = this.#commons[numbers?.[0] ?? Number.NaN];
    const id = this.#ids[row];
    if (id === undefined || common === undefined || numbers === undefined) {
      throw new RangeError(`Expected a row that was added, got ${String(row)}.`);
    }
    return { id, common, numbers: numbers.subarray(1) };
  }

  #numberOf(common: Common): number {
    // Neighbours are mostly alike.
    if (isAlike(common, this.#commons[this.#last])) return this.#last;
    this.#last = this.#findOrAdd(common);
    return this.#last;
  }

  #findOrAdd(common: Common): number {
    const text = JSON.stringify(common);
    const known = this.#commonNumbers.get(text);
    if (known !== undefined) return known;
    // V8 would keep a whole line alive for a text that was cut out of it, so the copy is parsed
    // anew.
    const copy: Common = JSON.parse(text);
    this.#commonNumbers.set(text, this.#commons.length);
    return this.#commons.push(copy) - 1;
  }
}

function isAlike<Common extends object>(one: Common, other: Common | undefined): boolean {
  if (other === undefined) return false;
  for (const key in one) if (one[key] !== other[key]) return false;
  return true;
}
