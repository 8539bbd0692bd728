import type { Refusal } from "./admission.ts";

/** The longest end of an event: two line ends of two bytes, less the last byte. */
const TAIL_BYTES = 3;
const EVENT_ENDS = [Buffer.from("\n\n"), Buffer.from("\r\n\r\n"), Buffer.from("\r\r")];

/** The end of a stream: the bytes of a chunk that still pass, and the refusal that ends it. */
interface Cut {
  readonly passingBytes: number;
  readonly refusal: Refusal;
}

/**
 * Watches a running stream until a budget ends it. An event that has begun is sent completely:
 * a client would report a part of an event as a broken connection.
 */
export class StreamCut {
  readonly #look: () => Refusal | null;
  #refusal: Refusal | null = null;
  #tail: Buffer = Buffer.alloc(0);

  constructor(look: () => Refusal | null) {
    this.#look = look;
  }

  /** The cut within these bytes; null if the stream goes on after all of them. */
  cutIn(chunk: Buffer): Cut | null {
    this.#refusal ??= this.#look();
    const refusal = this.#refusal;
    const bytes = Buffer.concat([this.#tail, chunk]);
    const end = refusal === null ? -1 : endOfLastEvent(bytes);
    const passingBytes = Math.max(0, end - this.#tail.length);
    this.#tail = bytes.subarray(-TAIL_BYTES);
    return refusal === null || end === -1 ? null : { passingBytes, refusal };
  }
}

function endOfLastEvent(bytes: Buffer): number {
  const ends = EVENT_ENDS.map((mark) => {
    const at = bytes.lastIndexOf(mark);
    return at === -1 ? -1 : at + mark.length;
  });
  return Math.max(...ends);
}
