import type { AnswerMeter } from "../dialects/dialect.ts";
import type { ByteReader } from "./answer-copy.ts";

/** Largest single event that is held, in bytes; a stream with a larger one is not metered further. */
const EVENT_BYTES_MAX = 32 * 1024 * 1024;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const BYTE_ORDER_MARK = Buffer.from("\uFEFF");
const EVENT = Buffer.from("event:");
const DATA = Buffer.from("data:");

/**
 * Reads server-sent events however the bytes are split. It works on bytes: the pieces of an
 * answer's text, which are nearly all of a stream, are only counted and never become strings.
 */
export function scanEvents(meter: AnswerMeter): ByteReader {
  return new EventScanner(meter);
}

class EventScanner implements ByteReader {
  readonly #meter: AnswerMeter;
  /** The pieces of a line whose end has not come. */
  #open: Buffer[] = [];
  #data: Buffer[] = [];
  #heldBytes = 0;
  #name: string | undefined;
  #isFirstLine = true;
  #isReadable = true;

  constructor(meter: AnswerMeter) {
    this.#meter = meter;
  }

  write(chunk: Buffer): void {
    let from = 0;
    while (this.#isReadable) {
      const end = chunk.indexOf(LINE_FEED, from);
      if (end === -1) break;
      this.#takeLines(this.#complete(chunk.subarray(from, end)));
      from = end + 1;
    }
    if (this.#isReadable && from < chunk.length) this.#hold(this.#open, chunk.subarray(from));
  }

  end(): void {
    if (!this.#isReadable) return;
    this.#takeLines(this.#complete(Buffer.alloc(0)));
    // A last event without its blank line is read as well: some servers leave it out.
    this.#dispatch();
  }

  #complete(last: Buffer): Buffer {
    if (this.#open.length === 0) return last;
    const line = Buffer.concat([...this.#open, last]);
    for (const piece of this.#open) this.#heldBytes -= piece.length;
    this.#open = [];
    return line;
  }

  /** One line, or several where the stream ends its lines with carriage returns alone. */
  #takeLines(text: Buffer): void {
    let from = 0;
    let end = text.indexOf(CARRIAGE_RETURN);
    if (end === -1) return this.#takeLine(text);
    while (end !== -1 && end < text.length - 1) {
      this.#takeLine(text.subarray(from, end));
      from = end + 1;
      end = text.indexOf(CARRIAGE_RETURN, from);
    }
    this.#takeLine(end === -1 ? text.subarray(from) : text.subarray(from, end));
  }

  #takeLine(given: Buffer): void {
    const line = this.#isFirstLine ? withoutMark(given) : given;
    this.#isFirstLine = false;
    if (line.length === 0) this.#dispatch();
    else if (startsWith(line, DATA)) this.#takeData(line, valueStart(line, DATA));
    else if (startsWith(line, EVENT)) this.#name = line.toString("utf8", valueStart(line, EVENT));
  }

  #takeData(line: Buffer, from: number): void {
    if (this.#meter.isCounted(this.#name)) this.#meter.count(line.length - from);
    else this.#hold(this.#data, line.subarray(from));
  }

  #dispatch(): void {
    if (this.#data.length > 0) {
      for (const piece of this.#data) this.#heldBytes -= piece.length;
      const data = this.#data.map((piece) => piece.toString()).join("\n");
      this.#data = [];
      this.#meter.readEvent({ event: this.#name, data });
    }
    this.#name = undefined;
  }

  #hold(place: Buffer[], piece: Buffer): void {
    this.#heldBytes += piece.length;
    if (this.#heldBytes <= EVENT_BYTES_MAX) {
      place.push(piece);
      return;
    }
    this.#isReadable = false;
    this.#open = [];
    this.#data = [];
  }
}

function startsWith(line: Buffer, field: Buffer): boolean {
  for (let index = 0; index < field.length; index += 1) {
    if (line[index] !== field[index]) return false;
  }
  return true;
}

function valueStart(line: Buffer, field: Buffer): number {
  return line[field.length] === SPACE ? field.length + 1 : field.length;
}

function withoutMark(line: Buffer): Buffer {
  return startsWith(line, BYTE_ORDER_MARK) ? line.subarray(BYTE_ORDER_MARK.length) : line;
}
