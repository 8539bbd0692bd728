import type { Refusal } from "./admission.ts";

/** Longest end of an event: two line ends of two bytes, less the last byte. */
const TAIL_BYTES = 3;
const EVENT_ENDS = [Buffer.from("\n\n"), Buffer.from("\r\n\r\n"), Buffer.from("\r\r")];

/**
 * Looks at a running stream of events for the moment at which a budget ends it. An event that has
 * begun is sent to its end, since half of one would be taken for a broken connection.
 */
export class StreamCut {
  readonly #look: () => Refusal | null;
  #refusal: Refusal | null = null;
  #tail: Buffer = Buffer.alloc(0);

  constructor(look: () => Refusal | null) {
    this.#look = look;
  }

  /** The budget that ends the stream; null while it goes on. */
  get refusal(): Refusal | null {
    return this.#refusal;
  }

  /** How many of these bytes still pass; null where the stream goes on after all of them. */
  endIn(chunk: Buffer): number | null {
    this.#refusal ??= this.#look();
    const bytes = Buffer.concat([this.#tail, chunk]);
    const end = this.#refusal === null ? -1 : endOfLastEvent(bytes);
    const passing = end - this.#tail.length;
    this.#tail = bytes.subarray(-TAIL_BYTES);
    return end === -1 ? null : Math.max(0, passing);
  }
}

function endOfLastEvent(bytes: Buffer): number {
  const ends = EVENT_ENDS.map((mark) => {
    const at = bytes.lastIndexOf(mark);
    return at === -1 ? -1 : at + mark.length;
  });
  return Math.max(...ends);
}
