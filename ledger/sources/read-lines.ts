/** A longer line is not a line of a log: it is skipped and reported. */
const LINE_BYTES_MAX = 32 * 1024 * 1024;

/** A line of a file. */
export interface SourceLine {
  /** From 1. */
  readonly number: number;
  /** Its bytes, until the next chunk is read. */
  readonly bytes: Buffer;
  /** `too-long`: the bytes are left out; `cut`: the file ends within the line. */
  readonly fault?: "too-long" | "cut";
}

/** The text of a line without its line end. */
export function textOf({ bytes }: SourceLine): string {
  const end = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
  return bytes.toString("utf8", 0, end);
}

interface LineLimits {
  /** Lines without any of these texts are skipped, unless they can't be an object of JSON; absent: none is. */
  readonly marks?: readonly string[];
  readonly bytesMax?: number;
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * The lines of a file in UTF-8 or UTF-16, with `\n` or `\r\n`, those of a chunk at once.
 * Memory is bounded by the longest line that is allowed.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  { marks, bytesMax = LINE_BYTES_MAX }: LineLimits = {},
): AsyncGenerator<Iterable<SourceLine>> {
  const splitter = new LineSplitter(
    bytesMax,
    marks?.map((mark) => Buffer.from(mark)),
  );
  for await (const chunk of inUtf8(chunks)) yield splitter.push(chunk);
  yield splitter.end();
}

/** Files of Windows PowerShell are UTF-16. */
async function* inUtf8(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let decoder: InstanceType<typeof TextDecoder> | null | undefined;
  for await (const bytes of chunks) {
    let chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (decoder === undefined) {
      const encoding = encodingOf(chunk);
      decoder = encoding === "utf-8" ? null : new TextDecoder(encoding);
      if (chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf) chunk = chunk.subarray(3);
    }
    yield decoder === null ? chunk : Buffer.from(decoder.decode(chunk, { stream: true }));
  }
}

/** Without a mark the zero byte decides: a log begins with a character of ASCII. */
function encodingOf([first, second]: Buffer): string {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return "utf-16le";
  const isReversed = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  return isReversed && second !== undefined ? "utf-16be" : "utf-8";
}

class LineSplitter {
  readonly #bytesMax: number;
  readonly #marks: readonly Buffer[] | undefined;
  #parts: Buffer[] = [];
  #bytes = 0;
  #number = 1;

  constructor(bytesMax: number, marks: readonly Buffer[] | undefined) {
    this.#bytesMax = bytesMax;
    this.#marks = marks;
  }

  *push(chunk: Buffer): Generator<SourceLine> {
    const marks = new MarksInBytes(this.#marks, chunk);
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      if (this.#bytes > 0) yield* this.#joined(chunk.subarray(0, to));
      else {
        if (marks.areIn(from, to) || !isObject(chunk, from, to)) {
          yield { number: this.#number, bytes: chunk.subarray(from, to) };
        }
      }
      this.#number += 1;
      from = to + 1;
    }
    // A copy: the stream may use the chunk's memory again.
    if (from < chunk.length) this.#keep(Buffer.from(chunk.subarray(from)));
  }

  *end(): Generator<SourceLine> {
    if (this.#bytes === 0) return;
    for (const line of this.#joined(Buffer.alloc(0))) yield { fault: "cut", ...line };
  }

  #keep(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes <= this.#bytesMax) this.#parts.push(part);
    else this.#parts = [];
  }

  /** The line that began in chunks before and ends with a part. */
  *#joined(end: Buffer): Generator<SourceLine> {
    const number = this.#number;
    this.#keep(end);
    const isTooLong = this.#bytes > this.#bytesMax;
    const bytes = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    const isMarked = isTooLong || new MarksInBytes(this.#marks, bytes).areIn(0, bytes.length);
    if (!isMarked && isObject(bytes, 0, bytes.length)) return;
    yield { number, bytes, ...(isTooLong ? { fault: "too-long" } : {}) };
  }
}

const SPACE = 0x20;
const TAB = 0x09;
const OPENING = 0x7b;
const CLOSING = 0x7d;

/** Whether a line between two places is blank, or begins and ends as an object of JSON does. */
function isObject(bytes: Buffer, from: number, to: number): boolean {
  let first = from;
  let last = to - 1;
  while (first <= last && isBlank(bytes[first])) first += 1;
  while (last > first && isBlank(bytes[last])) last -= 1;
  return first > last || (last > first && bytes[first] === OPENING && bytes[last] === CLOSING);
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB || byte === CARRIAGE_RETURN;
}

/** Searches each byte once for each mark, however many lines there are. */
class MarksInBytes {
  readonly #bytes: Buffer;
  readonly #next: { readonly mark: Buffer; at: number }[] | undefined;

  constructor(marks: readonly Buffer[] | undefined, bytes: Buffer) {
    this.#bytes = bytes;
    this.#next = marks?.map((mark) => ({ mark, at: bytes.indexOf(mark) }));
  }

  /** Whether there is a mark between two places, which begin nowhere before those asked for last. */
  areIn(from: number, to: number): boolean {
    if (this.#next === undefined) return true;
    return this.#next.some((next) => {
      if (next.at !== -1 && next.at < from) next.at = this.#bytes.indexOf(next.mark, from);
      return next.at !== -1 && next.at < to;
    });
  }
}
