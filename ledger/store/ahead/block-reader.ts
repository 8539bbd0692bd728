import { hashAt } from "../row-line.ts";
import { HEADER, HEADER_NUMBERS } from "./block-header.ts";
import type { LineReader } from "./line-code.ts";
import type { BlockMemory } from "./shared-blocks.ts";

/** Walks over the lines of the blocks that one BlockWriter has filled, all of them in their order. */
export class BlockReader implements LineReader {
  readonly #names: string[] = [];
  #memory: BlockMemory;
  #linesLeft = 0;
  #at = HEADER_NUMBERS;
  #following = HEADER_NUMBERS;
  #start = 0;
  #end = 0;
  /** Whether the encoder has taken the line down. */
  isCoded = false;
  /** Where in the file the block's last line ends, in bytes. */
  offset = 0;
  isLast = false;

  constructor(first: BlockMemory) {
    this.#memory = first;
  }

  begin(memory: BlockMemory): void {
    const { numbers, names } = memory;
    this.#memory = memory;
    this.#linesLeft = numbers[HEADER.lines] ?? 0;
    this.#following = HEADER_NUMBERS;
    this.#start = 0;
    this.#end = 0;
    this.offset = numbers[HEADER.offset] ?? 0;
    this.isLast = numbers[HEADER.isLast] === 1;
    const json = names.toString("utf8", 0, numbers[HEADER.namesBytes]);
    const newNames: readonly string[] = JSON.parse(json);
    this.#names.push(...newNames);
  }

  next(): boolean {
    if (this.#linesLeft === 0) return false;
    this.#linesLeft -= 1;
    this.#at = this.#following;
    this.#start = this.number();
    this.#end = this.number();
    const sizeAt = this.#at;
    const size = this.number();
    this.isCoded = size > 0;
    this.#following = sizeAt + Math.max(1, size);
    return true;
  }

  number(): number {
    const value = this.#memory.numbers[this.#at] ?? Number.NaN;
    this.#at += 1;
    return value;
  }

  name(): string | null {
    return this.#names[this.number()] ?? null;
  }

  text(from: number, to: number): string {
    return this.#memory.bytes.toString("latin1", this.#start + from, this.#start + to);
  }

  /** The hash that ends the line; undefined where there is none yet. */
  get hash(): string | undefined {
    if (this.#end === 0) return undefined;
    return hashAt(this.#memory.bytes, this.#end);
  }

  /** Of the line, from the start of the block's bytes. */
  get start(): number {
    return this.#start;
  }

  /** The line, each byte one character. */
  get line(): string {
    return this.#memory.bytes.toString("latin1", this.#start, this.#end);
  }

  /** The line as it was written. */
  get row(): string {
    return this.#memory.bytes.toString("utf8", this.#start, this.#end);
  }
}
