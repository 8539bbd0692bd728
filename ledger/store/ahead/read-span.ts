import { readSync } from "node:fs";

import type { Span } from "../line-cursor.ts";
import { followsAt, trueHashOf } from "../row-line.ts";
import { BlockWriter } from "./block-writer.ts";
import type { EncodeLine } from "./line-code.ts";
import type { BlockRing } from "./shared-blocks.ts";

const NEWLINE = 0x0a;
const NOTHING: Buffer = Buffer.alloc(0);

/** A range of an open file that begins at a row's start. */
export interface SpanRequest extends Span {
  /** The hash of the row before it. */
  readonly last: string;
}

/**
 * Reads lines ahead of the thread that needs them. It hands over only whole rows, each with a true hash
 * and each following the one before; at anything else it ends, and leaves the rest to the other thread.
 */
export class SpanReader {
  readonly #ring: BlockRing;
  readonly #encode: EncodeLine;
  #writer: BlockWriter | undefined;

  constructor(ring: BlockRing, encode: EncodeLine) {
    this.#ring = ring;
    this.#encode = encode;
  }

  read({ fd, from, to, last }: SpanRequest): void {
    const chain = { last };
    let position = from;
    let rest = NOTHING;
    let isAwaited = true;
    for (let isLast = false; !isLast;) {
      const memory = this.#ring.nextFree();
      if (memory === undefined) return;
      const { bytes } = memory;
      rest.copy(bytes);
      const start = position - rest.length;
      const wanted = Math.min(bytes.length - rest.length, to - position);
      const bytesRead = wanted > 0 ? readSync(fd, bytes, rest.length, wanted, position) : 0;
      const filled = bytes.subarray(0, rest.length + bytesRead);
      position += bytesRead;
      const writer = (this.#writer ??= new BlockWriter(memory));
      writer.begin(memory);
      // Where the other thread has to wait it is quicker to let it read lines as well.
      const encode = isAwaited ? undefined : this.#encode;
      const { end, isUnusual } = scan(filled, { writer, chain, encode });
      rest = filled.subarray(end);
      isLast = isUnusual || end === 0 || (writer.hasRoom && position >= to);
      writer.finish(start + end, isLast);
      isAwaited = this.#ring.isAwaited;
      this.#ring.handOver();
    }
  }
}

interface ScanParts {
  readonly writer: BlockWriter;
  readonly chain: { last: string };
  readonly encode: EncodeLine | undefined;
}

/** Adds good lines; tells where the last of them ends, and whether a line follows that is none. */
function scan(bytes: Buffer, { writer, chain, encode }: ScanParts) {
  let start = 0;
  while (writer.hasRoom) {
    const end = bytes.indexOf(NEWLINE, start);
    if (end === -1) break;
    const h = trueHashOf(bytes, start, end);
    if (h === undefined || !followsAt(bytes, start, chain.last))
      return { end: start, isUnusual: true };
    chain.last = h;
    writer.add(start, end);
    if (encode !== undefined) writer.takeDown(encode, bytes.toString("latin1", start, end));
    start = end + 1;
  }
  return { end: start, isUnusual: false };
}
