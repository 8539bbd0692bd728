import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** A longer line is written before it ends, so that an endless line does not fill the memory. */
const LINE_BYTES_MAX = 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * Writes the output of a process to one file, up to a number of bytes. It writes whole lines, so that
 * a message on stderr never splits an event on stdout. If the disk refuses a write, it keeps no more.
 */
export class BoundedCapture {
  readonly #bytesMax: number;
  readonly #unfinished = new Map<string, Buffer>();
  #file: number | undefined;
  #bytes = 0;

  constructor(path: string, bytesMax: number) {
    this.#bytesMax = bytesMax;
    this.#try(() => {
      mkdirSync(dirname(path), { recursive: true });
      this.#file = openSync(path, "w", 0o600);
    });
  }

  /** Whether more bytes arrived than the file may hold. */
  get isOver(): boolean {
    return this.#bytes > this.#bytesMax;
  }

  write(stream: "stdout" | "stderr", chunk: Buffer): void {
    const kept = chunk.subarray(0, Math.max(0, this.#bytesMax - this.#bytes));
    this.#bytes += chunk.length;
    const text = Buffer.concat([this.#unfinished.get(stream) ?? Buffer.alloc(0), kept]);
    const end = text.length > LINE_BYTES_MAX ? text.length : text.lastIndexOf(NEWLINE) + 1;
    this.#append(text.subarray(0, end));
    this.#unfinished.set(stream, text.subarray(end));
  }

  close(): void {
    for (const text of this.#unfinished.values()) {
      if (text.length > 0) this.#append(Buffer.concat([text, Buffer.from("\n")]));
    }
    this.#unfinished.clear();
    this.#closeFile();
  }

  #append(text: Buffer): void {
    this.#try(() => {
      for (let written = 0; this.#file !== undefined && written < text.length;) {
        written += writeSync(this.#file, text, written);
      }
    });
  }

  #try(act: () => void): void {
    try {
      act();
    } catch {
      this.#closeFile();
    }
  }

  #closeFile(): void {
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) closeSync(file);
  }
}
