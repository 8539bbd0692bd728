const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Joins the bytes of chunks into lines. Bytes far beyond the limit of a line are not kept. */
export class LineSplitter {
  #maxBytes;
  #bytes = [];

  constructor(maxBytes) {
    this.#maxBytes = maxBytes;
  }

  push(chunk) {
    const lines = [];
    for (const byte of chunk) {
      if (byte === LINE_FEED) lines.push(this.#take());
      // One byte more for the carriage return, and one that shows that the line is too long.
      else if (this.#bytes.length < this.#maxBytes + 2) this.#bytes.push(byte);
    }
    return lines;
  }

  end() {
    return this.#bytes.length > 0 ? [this.#take()] : [];
  }

  #take() {
    const bytes = Uint8Array.from(this.#bytes);
    this.#bytes = [];
    return bytes.length <= this.#maxBytes && bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes;
  }
}
