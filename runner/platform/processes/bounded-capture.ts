import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

import { redactDeltas } from "../redaction/redact-deltas.ts";
import { redactBytes } from "../redaction/redact.ts";

/** A longer line is written before it ends, so that an endless line does not fill the memory. */
const LINE_BYTES_MAX = 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * Writes the output of a process to one file, up to a number of bytes. It writes whole lines, so that
 * a message on stderr never splits an event on stdout. If the disk refuses a write, it keeps nothing further.
 * Secrets are overwritten, even if their bytes come in several chunks or events.
 */
export class BoundedCapture {
  readonly #path: string;
  readonly #bytesMax: number;
  readonly #secrets: readonly string[];
  /** The end of an unfinished line may be a part of a secret whose rest is still to come. */
  readonly #partBytesMax: number;
  readonly #unfinished = new Map<string, Buffer>();
  #file: number | undefined;
  #bytes = 0;

  constructor(path: string, bytesMax: number, secrets: readonly string[] = []) {
    this.#path = path;
    this.#bytesMax = bytesMax;
    this.#secrets = secrets;
    this.#partBytesMax = Math.max(0, ...secrets.map((secret) => Buffer.byteLength(secret) - 1));
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
    const text = this.#redact([this.#unfinished.get(stream) ?? Buffer.alloc(0), kept]);
    const isLong = text.length > LINE_BYTES_MAX + this.#partBytesMax;
    const end = isLong ? text.length - this.#partBytesMax : text.lastIndexOf(NEWLINE) + 1;
    this.#append(text.subarray(0, end));
    this.#unfinished.set(stream, text.subarray(end));
  }

  close(): void {
    for (const text of this.#unfinished.values()) {
      // The bound may have cut a secret in two.
      const whole = this.isOver ? text.subarray(0, -this.#partBytesMax || undefined) : text;
      if (whole.length > 0) this.#append(Buffer.concat([whole, Buffer.from("\n")]));
    }
    this.#unfinished.clear();
    this.#closeFile();
    this.#try(() => this.#redactEvents());
  }

  /** Only the whole shows what several events say together. */
  #redactEvents(): void {
    if (this.#secrets.length === 0 || !statSync(this.#path).isFile()) return;
    const whole = readFileSync(this.#path);
    if (redactDeltas(whole, this.#secrets)) writeFileSync(this.#path, whole);
  }

  #redact(parts: readonly Buffer[]): Buffer {
    const [text] = redactBytes([Buffer.concat(parts)], this.#secrets);
    return text ?? Buffer.alloc(0);
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
