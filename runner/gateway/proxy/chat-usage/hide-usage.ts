import { member, parseJson } from "../../../platform/json/json-value.ts";
import {
  endOfFirstEvent,
  endOfLastEvent,
  type Ends,
  EVENT_ENDS,
  LINE_ENDS,
} from "../event-ends.ts";

/** Only a usage has this member, and its text in a prompt or an answer has escaped quotes. */
const OF_USAGE = '"prompt_tokens"';
/** A longer event is no chunk of a usage alone. */
const HELD_BYTES_MAX = 16 * 1024;
const NOTHING = Buffer.alloc(0);

/** Leaves out of a Chat stream the chunk that has only the usage, for a client that did not ask for it. */
export class UsageHider {
  #held: Buffer = NOTHING;
  /** What ends a chunk of this stream; null until the first one has begun. */
  #ends: Ends | null = null;

  /** The bytes that may pass. A chunk that has begun waits for its end. */
  pass(chunk: Buffer): Buffer {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#ends ??= endsOf(bytes);
    const ends = this.#ends ?? EVENT_ENDS;
    const end = Math.max(0, endOfLastEvent(bytes, ends));
    const rest = bytes.subarray(end);
    const isLong = rest.length > HELD_BYTES_MAX;
    this.#held = isLong ? NOTHING : rest;
    const shown = shownOf(bytes.subarray(0, end), ends);
    return isLong ? Buffer.concat([shown, rest]) : shown;
  }

  /** Returns the rest at the end of the stream, whose last chunk may lack its end. */
  rest(): Buffer {
    const rest = this.#held;
    this.#held = NOTHING;
    return isUsageAlone(rest) ? NOTHING : rest;
  }
}

const BEGINNING_BYTES = 64;

/** Not every stream has a content type, but every one shows its form by its first character. */
function endsOf(bytes: Buffer): Ends | null {
  const begin = bytes
    .toString("utf8", 0, BEGINNING_BYTES)
    .replace(/^\uFEFF/, "")
    .trimStart();
  if (begin === "") return null;
  return begin.startsWith("{") ? LINE_ENDS : EVENT_ENDS;
}

function shownOf(chunks: Buffer, ends: Ends): Buffer {
  if (!chunks.includes(OF_USAGE)) return chunks;
  const shown: Buffer[] = [];
  let left = chunks;
  while (left.length > 0) {
    const chunk = left.subarray(0, endOfFirstEvent(left, ends));
    if (!isUsageAlone(chunk)) shown.push(chunk);
    left = left.subarray(chunk.length);
  }
  return Buffer.concat(shown);
}

function isUsageAlone(event: Buffer): boolean {
  if (!event.includes(OF_USAGE)) return false;
  const [, data = ""] = /^(?:data:|(?=\{))([^\r\n]*)/m.exec(event.toString()) ?? [];
  const chunk = parseJson(data);
  const choices = member(chunk, "choices");
  return Array.isArray(choices) && choices.length === 0 && Boolean(member(chunk, "usage"));
}
