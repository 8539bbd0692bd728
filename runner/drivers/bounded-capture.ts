import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** A longer unfinished line is written as it is, so that an endless one fills no memory. */
const LINE_BYTES_MAX = 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * One file for the output of a process, bounded in bytes. Its streams are written in whole lines,
 * so that a message on stderr never splits an event on stdout.
 */
export class BoundedCapture {
  readonly #bytesMax: number;
  readonly #unfinished = new Map<string, Buffer>();
  #file: number | undefined;
  #bytes = 0;
  #error: string | undefined;

  constructor(path: string, bytesMax: number) {
    this.#bytesMax = bytesMax;
    this.#try(() => {
      mkdirSync(dirname(path), { recursive: true });
      this.#file = openSync(path, "w", 0o600);
    });
  }

  /** Bytes received, kept or not. */
  get bytes(): number {
    return this.#bytes;
  }

  get isOver(): boolean {
    return this.#bytes > this.#bytesMax;
  }

  /** Why the file is incomplete, where the disk refused it; the process goes on all the same. */
  get error(): string | undefined {
    return this.#error;
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
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) this.#try(() => closeSync(file));
  }

  #append(text: Buffer): void {
    const file = this.#file;
    if (file === undefined) return;
    this.#try(() => {
      for (let written = 0; written < text.length;) {
        written += writeSync(file, text, written);
      }
    });
  }

  #try(act: () => void): void {
    if (this.#error !== undefined) return;
    try {
      act();
    } catch (error) {
      this.#error = error instanceof Error ? error.message : String(error);
    }
  }
}
