/** Two threads need one block each, and a third one lies ready between them. */
const BLOCKS = 3;
const BLOCK_BYTES = 524_288;
/** What an encoder says of the lines of one block, in numbers; short rows end a block sooner. */
const BLOCK_NUMBERS = 24_576;
const NAMES_BYTES = 16_384;
const FREE = 0;
const READY = 1;
/** Of a block that nobody will ever fill. */
const GONE = 2;

/** Memory that both threads see. */
export interface SharedBlocks {
  /** One word for each block. */
  readonly states: SharedArrayBuffer;
  readonly bytes: SharedArrayBuffer;
  readonly numbers: SharedArrayBuffer;
  readonly names: SharedArrayBuffer;
}

/** One block's part of the memory. */
export interface BlockMemory {
  readonly bytes: Buffer;
  readonly numbers: Float64Array;
  /** New names, as JSON. */
  readonly names: Buffer;
}

export function makeSharedBlocks(): SharedBlocks {
  return {
    states: new SharedArrayBuffer(BLOCKS * Int32Array.BYTES_PER_ELEMENT),
    bytes: new SharedArrayBuffer(BLOCKS * BLOCK_BYTES),
    numbers: new SharedArrayBuffer(BLOCKS * BLOCK_NUMBERS * Float64Array.BYTES_PER_ELEMENT),
    names: new SharedArrayBuffer(BLOCKS * NAMES_BYTES),
  };
}

/** Blocks that go round between one thread that fills them and one that reads them, in turn. */
export class BlockRing {
  readonly #states: Int32Array;
  readonly #blocks: readonly BlockMemory[];
  #turn = 0;

  constructor({ states, bytes, numbers, names }: SharedBlocks) {
    this.#states = new Int32Array(states);
    this.#blocks = Array.from({ length: BLOCKS }, (_, index) => ({
      bytes: Buffer.from(bytes, index * BLOCK_BYTES, BLOCK_BYTES),
      numbers: new Float64Array(
        numbers,
        index * BLOCK_NUMBERS * Float64Array.BYTES_PER_ELEMENT,
        BLOCK_NUMBERS,
      ),
      names: Buffer.from(names, index * NAMES_BYTES, NAMES_BYTES),
    }));
  }

  /** The next block to fill, once it is free; undefined once the other thread has gone. */
  nextFree(): BlockMemory | undefined {
    Atomics.wait(this.#states, this.#turn, READY);
    return this.#state === FREE ? this.#blocks[this.#turn] : undefined;
  }

  /** The next block to read, once it is ready; undefined where none comes (in time). */
  nextReady(timeoutMs: number): BlockMemory | undefined {
    Atomics.wait(this.#states, this.#turn, FREE, timeoutMs);
    return this.#state === READY ? this.#blocks[this.#turn] : undefined;
  }

  /** Whether the other thread has nothing left to read. */
  get isAwaited(): boolean {
    for (let block = 0; block < BLOCKS; block += 1) {
      if (Atomics.load(this.#states, block) === READY) return false;
    }
    return true;
  }

  /** Hands the block of this turn to the thread that reads. */
  handOver(): void {
    this.#pass(READY);
  }

  /** Gives the block of this turn back to the thread that fills. */
  giveBack(): void {
    this.#pass(FREE);
  }

  /** Says that one of the two has gone. */
  stop(): void {
    for (let block = 0; block < BLOCKS; block += 1) {
      Atomics.store(this.#states, block, GONE);
      Atomics.notify(this.#states, block);
    }
  }

  get isStopped(): boolean {
    return this.#state === GONE;
  }

  get #state(): number {
    return Atomics.load(this.#states, this.#turn);
  }

  /** Whoever has the block passes it on, unless the other one has gone meanwhile. */
  #pass(state: number): void {
    Atomics.compareExchange(this.#states, this.#turn, state === READY ? FREE : READY, state);
    Atomics.notify(this.#states, this.#turn);
    this.#turn = (this.#turn + 1) % BLOCKS;
  }
}
