import { readFields } from "./fields.js";
import { LineSplitter } from "./line-splitter.js";

export class LineDecoder {
  #maxBytes;
  #splitter = new LineSplitter();

  constructor({ maxBytes }) {
    this.#maxBytes = maxBytes;
  }

  push(chunk) {
    return this.#readLines(this.#splitter.push(new TextDecoder().decode(chunk)));
  }

  end() {
    return this.#readLines(this.#splitter.end());
  }

  #readLines(lines) {
    return lines.map((text, index) => {
      if (text.length > this.#maxBytes) return { line: index + 1, fault: "too long" };
      return { line: index + 1, ...readFields(text) };
    });
  }
}
