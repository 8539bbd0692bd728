const ROWS_A_CHUNK = 4_096;

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/**
 * Numbers by row. A stretch in which all are the same takes no room, and another one 1, 2, 4 or 8 bytes
 * a number, as its numbers need. It grows by chunks, so that little is ever copied.
 */
export class Column {
  /** A number stands for a chunk that holds nothing else. */
  readonly #chunks: (number | Numbers)[] = [];
  #rows = 0;

  /** 0 where nothing was set. */
  get(row: number): number {
    if (row >= this.#rows) return 0;
    const chunk = this.#chunks[Math.floor(row / ROWS_A_CHUNK)] ?? 0;
    return typeof chunk === "number" ? chunk : (chunk[row % ROWS_A_CHUNK] ?? 0);
  }

  set(row: number, value: number): void {
    while (this.#rows < row) this.#put(this.#rows, 0);
    this.#put(row, value);
  }

  #put(row: number, value: number): void {
    this.#rows = Math.max(this.#rows, row + 1);
    const index = Math.floor(row / ROWS_A_CHUNK);
    const chunk = (this.#chunks[index] ??= value);
    if (typeof chunk !== "number") this.#write(index, chunk, [row % ROWS_A_CHUNK, value]);
    else if (!Object.is(chunk, value)) this.#open(index, chunk, [row % ROWS_A_CHUNK, value]);
  }

  /** Gives each number of a chunk its own place. */
  #open(index: number, common: number, entry: readonly [place: number, value: number]): void {
    let chunk: Numbers = new Uint8Array(ROWS_A_CHUNK).fill(common);
    while (!Object.is(chunk[0], common)) chunk = widerThan(chunk).fill(common);
    this.#chunks[index] = chunk;
    this.#write(index, chunk, entry);
  }

  #write(index: number, chunk: Numbers, [place, value]: readonly [number, number]): void {
    const before = chunk[place] ?? 0;
    chunk[place] = value;
    if (Object.is(chunk[place], value)) return;
    chunk[place] = before;
    const wider = widerThan(chunk);
    this.#chunks[index] = wider;
    this.#write(index, wider, [place, value]);
  }
}

/** The same numbers with more room for each. */
function widerThan(chunk: Numbers): Numbers {
  if (chunk instanceof Uint8Array) return new Uint16Array(chunk);
  if (chunk instanceof Uint16Array) return new Uint32Array(chunk);
  return new Float64Array(chunk);
}
