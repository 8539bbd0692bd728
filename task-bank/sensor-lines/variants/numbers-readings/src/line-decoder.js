import { readFields } from "./fields.js";
import { LineSplitter } from "./line-splitter.js";

export class LineDecoder {
  #maxBytes;
  #splitter;
  #line = 0;

  constructor({ maxBytes }) {
    this.#maxBytes = maxBytes;
    this.#splitter = new LineSplitter(maxBytes);
  }

  push(chunk) {
    return this.#readLines(this.#splitter.push(chunk));
  }

  end() {
    return this.#readLines(this.#splitter.end());
  }

  #readLines(lines) {
    return lines.flatMap((bytes) => {
      return bytes.length === 0 ? [] : [{ line: (this.#line += 1), ...this.#readLine(bytes) }];
    });
  }

  #readLine(bytes) {
    if (bytes.length > this.#maxBytes) return { fault: "too long" };
    try {
      return readFields(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    } catch {
      return { fault: "not UTF-8" };
    }
  }
}
