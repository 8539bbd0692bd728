import { HEADER, HEADER_NUMBERS, NO_NAME } from "./block-header.ts";
import type { EncodeLine, LineWriter } from "./line-code.ts";
import type { BlockMemory } from "./shared-blocks.ts";

/** Its start, its end and how much is said of it. */
const LINE_HEADER_NUMBERS = 3;
/** What may be said of one line; a block with less room left takes no more lines. */
const LINE_NUMBERS_MAX = 64;

/** Fills blocks with lines and with what an encoder says of them. */
export class BlockWriter implements LineWriter {
  readonly #numbersByName = new Map<string, number>();
  #memory: BlockMemory;
  #at = HEADER_NUMBERS;
  #lines = 0;
  #newNames: string[] = [];
  #newNamesBytes = 0;
  #isRefused = false;

  constructor(first: BlockMemory) {
    this.#memory = first;
  }

  begin(memory: BlockMemory): void {
    this.#memory = memory;
    this.#at = HEADER_NUMBERS;
    this.#lines = 0;
    this.#newNames = [];
    this.#newNamesBytes = "[]".length;
  }

  get hasRoom(): boolean {
    const most = LINE_HEADER_NUMBERS + LINE_NUMBERS_MAX;
    return this.#at + most <= this.#memory.numbers.length;
  }

  /** Adds the line in the block's `bytes[start…end)`. */
  add(start: number, end: number): void {
    this.number(start);
    this.number(end);
    this.number(0);
    this.#lines += 1;
  }

  /** Adds what an encoder says of the line that was added last. */
  takeDown(encode: EncodeLine, line: string): void {
    const from = this.#at;
    this.#isRefused = false;
    const isTaken = encode(line, this) && !this.#isRefused && this.#at - from <= LINE_NUMBERS_MAX;
    if (isTaken) this.#memory.numbers[from - 1] = 1 + this.#at - from;
    else this.#at = from;
  }

  number(value: number): void {
    this.#memory.numbers[this.#at] = value;
    this.#at += 1;
  }

  name(text: string | null): void {
    const number = text === null ? NO_NAME : (this.#numbersByName.get(text) ?? this.#learn(text));
    if (number === undefined) this.#isRefused = true;
    else this.number(number);
  }

  /** @param offset - Where in the file the block's last line ends, in bytes. */
  finish(offset: number, isLast: boolean): void {
    const { numbers, names } = this.#memory;
    numbers[HEADER.lines] = this.#lines;
    numbers[HEADER.offset] = offset;
    numbers[HEADER.isLast] = isLast ? 1 : 0;
    numbers[HEADER.namesBytes] = names.write(JSON.stringify(this.#newNames));
  }

  /** Undefined where the block has no room left for it. */
  #learn(text: string): number | undefined {
    const bytes = Buffer.byteLength(JSON.stringify(text)) + ",".length;
    if (this.#newNamesBytes + bytes > this.#memory.names.length) return undefined;
    // A text that was cut out of a line would keep the whole line.
    const own = Buffer.from(text).toString();
    const number = this.#numbersByName.size;
    this.#numbersByName.set(own, number);
    this.#newNames.push(own);
    this.#newNamesBytes += bytes;
    return number;
  }
}
