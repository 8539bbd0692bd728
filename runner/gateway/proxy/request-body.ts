import { parseJson } from "../../platform/json/json-value.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COLON = 0x3a;
const SPACES: ReadonlySet<number> = new Set([0x20, 0x0a, 0x0d, 0x09]);

const PLAIN_BYTES_MAX = 1024;
const NAME_MAX = 200;

/** Bytes of a string that this code examines itself before it calls the native search. */
const NEAR_BYTES = 32;

/** The members of a body that limit its answer's output, and the member that they are in, if any. */
interface Limits {
  readonly outputLimits: readonly string[];
  readonly limitsIn?: string;
}

/** The facts of a decoded request body. Most dialects name the model at its top level. */
export function readFacts(body: Buffer, { outputLimits, limitsIn }: Limits = { outputLimits: [] }) {
  const own = limitsIn === undefined ? outputLimits : [];
  const members = topLevelMembers(body, ["model", "stream", "background", ...own]);
  const model = members.get("model");
  const limits =
    limitsIn === undefined ? members : topLevelMembers(objectIn(body, limitsIn), outputLimits);
  return {
    outputMax: largestOf(outputLimits.map((name) => limits.get(name))),
    model: typeof model === "string" && model.length <= NAME_MAX ? model : null,
    streaming: members.get("stream") === true,
    /** The answer comes before the work is done. */
    isBackground: members.get("background") === true,
  };
}

/** The bytes of an object at the top of a JSON object; none if it has no such object. */
function objectIn(body: Buffer, name: string): Buffer {
  const [start = 0] = locateMembers(body, [name]).get(name) ?? [];
  return start === 0 ? Buffer.alloc(0) : body.subarray(start, objectEnd(body, start));
}

/** The largest positive number; null if there is none. */
function largestOf(values: readonly unknown[]): number | null {
  const limits = values.filter((value) => typeof value === "number").filter((value) => value > 0);
  return limits.length === 0 ? null : Math.max(...limits);
}

/**
 * Replaces the model in a JSON body and keeps every other byte, so that vendors' prompt caches still
 * match. A body that names no model stays unchanged.
 */
export function renameModel(body: Buffer, model: string): Buffer {
  const place = locateMembers(body, ["model"]).get("model");
  if (place === undefined) return body;
  const [start, end] = place;
  const name = Buffer.from(JSON.stringify(model));
  return Buffer.concat([body.subarray(0, start), name, body.subarray(end)]);
}

/**
 * The plain members (texts, numbers, true, false, null) at the top of a JSON object, the last of
 * each name. Prompts are skipped, not parsed, so that a request's facts cost little. Empty if the
 * bytes are not a JSON object; the upstream judges all other faults.
 */
export function topLevelMembers(json: Buffer, names: readonly string[]): Map<string, unknown> {
  return new Map(
    [...locateMembers(json, names)].map(([name, [start, end]]) => [
      name,
      end - start > PLAIN_BYTES_MAX ? undefined : parseJson(json.toString("utf8", start, end)),
    ]),
  );
}

/** Returns the end of the object that begins at a place; -1 if no object begins there. */
export function objectEnd(json: Buffer, start: number): number {
  if (json[start] !== OPEN_BRACE) return -1;
  let depth = 0;
  for (let at = start; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === QUOTE) {
      at = stringEnd(json, at + 1);
      if (at === -1) return -1;
    } else if (byte === OPEN_BRACE) depth += 1;
    else if (byte === CLOSE_BRACE) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return -1;
}

/**
 * Finds the start and end of the plain values of those members. The place of an object is empty, at its start. It works on bytes, because the body
 * as one string would be the largest object of a request.
 */
export function locateMembers(
  json: Buffer,
  names: readonly string[],
): Map<string, readonly [start: number, end: number]> {
  const members = new Map<string, readonly [number, number]>();
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === QUOTE) {
      const end = stringEnd(json, at + 1);
      if (end === -1) return new Map();
      const name = depth === 1 ? memberName(json, at, end) : null;
      if (name !== null && names.includes(name)) {
        members.set(name, plainValue(json, json.indexOf(COLON, end) + 1));
      }
      at = end;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
  }
  return depth === 0 ? members : new Map();
}

/** The place of the closing quote of the string that begins at `from`; -1 if it has none. */
function stringEnd(json: Buffer, from: number): number {
  let at = from;
  while (at < json.length) {
    const nearEnd = at + NEAR_BYTES;
    for (; at < nearEnd; at += 1) {
      const byte = json[at];
      if (byte === QUOTE) return at;
      if (byte === BACKSLASH) at += 1;
    }
    const quote = json.indexOf(QUOTE, at);
    if (quote === -1 || !isEscaped(json, at, quote)) return quote;
    at = quote + 1;
  }
  return -1;
}

/** Whether there is an odd number of backslashes between `from` and the byte. */
function isEscaped(json: Buffer, from: number, at: number): boolean {
  let start = at;
  while (start > from && json[start - 1] === BACKSLASH) start -= 1;
  return (at - start) % 2 === 1;
}

/** The string between two quotes, if a colon makes it a member's name. */
function memberName(json: Buffer, open: number, close: number): string | null {
  if (json[skipSpace(json, close + 1)] !== COLON) return null;
  const name = parseJson(json.toString("utf8", open, Math.min(close + 1, open + PLAIN_BYTES_MAX)));
  return typeof name === "string" ? name : null;
}

/** The start and end of the value at a place, if it is neither an object nor an array. */
function plainValue(json: Buffer, from: number): readonly [number, number] {
  const start = skipSpace(json, from);
  if (json[start] === QUOTE) return [start, stringEnd(json, start + 1) + 1];
  const plain = /^[^\s,\]{}[]*/.exec(json.toString("latin1", start, start + PLAIN_BYTES_MAX));
  return [start, start + (plain?.[0].length ?? 0)];
}

function skipSpace(json: Buffer, from: number): number {
  let at = from;
  while (SPACES.has(json[at] ?? QUOTE)) at += 1;
  return at;
}
