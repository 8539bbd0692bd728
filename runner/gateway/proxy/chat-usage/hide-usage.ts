import { member, parseJson } from "../../../platform/json/json-value.ts";
import { endOfFirstEvent, endOfLastEvent } from "../event-ends.ts";

/** Only a usage has this member, and its text in a prompt or an answer has escaped quotes. */
const OF_USAGE = '"prompt_tokens"';
/** A longer event is no chunk of a usage alone. */
const HELD_BYTES_MAX = 16 * 1024;
const NOTHING = Buffer.alloc(0);

/** Leaves out of a Chat stream the chunk that has only the usage, for a client that did not ask for it. */
export class UsageHider {
  #held: Buffer = NOTHING;

  /** The bytes that may pass. An event that has begun waits for its end. */
  pass(chunk: Buffer): Buffer {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const end = Math.max(0, endOfLastEvent(bytes));
    const rest = bytes.subarray(end);
    if (rest.length > HELD_BYTES_MAX) {
      this.#held = NOTHING;
      return Buffer.concat([shownOf(bytes.subarray(0, end)), rest]);
    }
    this.#held = rest;
    return shownOf(bytes.subarray(0, end));
  }

  /** Returns the rest at the end of the stream, whose last event may lack its blank line. */
  rest(): Buffer {
    const rest = this.#held;
    this.#held = NOTHING;
    return isUsageAlone(rest) ? NOTHING : rest;
  }
}

function shownOf(events: Buffer): Buffer {
  if (!events.includes(OF_USAGE)) return events;
  const shown: Buffer[] = [];
  let left = events;
  while (left.length > 0) {
    const event = left.subarray(0, endOfFirstEvent(left));
    if (!isUsageAlone(event)) shown.push(event);
    left = left.subarray(event.length);
  }
  return Buffer.concat(shown);
}

function isUsageAlone(event: Buffer): boolean {
  if (!event.includes(OF_USAGE)) return false;
  const [, data = ""] = /^data:([^\r\n]*)/m.exec(event.toString()) ?? [];
  const chunk = parseJson(data);
  const choices = member(chunk, "choices");
  return Array.isArray(choices) && choices.length === 0 && Boolean(member(chunk, "usage"));
}
