/** Puts the texts of chunks together to lines. */
export class LineSplitter {
  #rest = "";

  push(text) {
    const lines = text.split(/\r?\n/);
    lines[0] = this.#rest + lines[0];
    this.#rest = lines.pop();
    return lines.filter((line) => line !== "");
  }

  end() {
    return [this.#rest];
  }
}
