import { Worker } from "node:worker_threads";

import { BlockReader } from "./block-reader.ts";
import type { SpanRequest } from "./read-span.ts";
import { BlockRing, makeSharedBlocks } from "./shared-blocks.ts";

/** A thread that has read nothing for so long is given up. */
const PATIENCE_MS = 5_000;
/** In the sources and where they are built to. */
const THREAD = new URL(
  `./read-ahead-thread${import.meta.url.slice(import.meta.url.lastIndexOf("."))}`,
  import.meta.url,
);

/** A thread that reads, checks and takes down lines ahead of this one. */
export class ReadAhead {
  readonly encoder: string;
  readonly #ring: BlockRing;
  readonly #worker: Worker;
  #reader: BlockReader | undefined;
  #isBusy = false;

  /**
   * @param encoder - Address of the module that exports `encodeLine`.
   * @returns undefined where the system has no thread to give.
   */
  static start(encoder: string): ReadAhead | undefined {
    try {
      return new ReadAhead(encoder);
    } catch {
      return undefined;
    }
  }

  private constructor(encoder: string) {
    this.encoder = encoder;
    const blocks = makeSharedBlocks();
    this.#ring = new BlockRing(blocks);
    this.#worker = new Worker(THREAD, { workerData: { blocks, encoder } });
    // Whatever becomes of it shows in that no block comes any more.
    this.#worker.on("error", () => this.#ring.stop());
    this.#worker.unref();
  }

  /**
   * The blocks of a span, each to be used before the next one is asked for. They end before the span does
   * where something in it is unusual or the thread has gone; there are none while another span is read.
   */
  *blocks(request: SpanRequest): Generator<BlockReader> {
    if (this.isClosed || this.#isBusy) return;
    this.#isBusy = true;
    let isDone = false;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
    this.#worker.postMessage(request);
    try {
      while (!isDone) {
        const memory = this.#ring.nextReady(PATIENCE_MS);
        if (memory === undefined) return;
        const reader = (this.#reader ??= new BlockReader(memory));
        reader.begin(memory);
        yield reader;
        this.#ring.giveBack();
        isDone = reader.isLast;
      }
    } finally {
      this.#isBusy = false;
      // Blocks that nobody has read would come up in the next span.
      if (!isDone) this.close();
    }
  }

  get isClosed(): boolean {
    return this.#ring.isStopped;
  }

  close(): void {
    this.#ring.stop();
    void this.#worker.terminate();
  }
}
