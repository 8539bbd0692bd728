import { parseJson } from "./json-value.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COLON = 0x3a;
const SPACES: ReadonlySet<number> = new Set([0x20, 0x0a, 0x0d, 0x09]);

const PLAIN_BYTES_MAX = 1024;

/** Bytes of a string that are looked at one by one before the search is left to the machine's own. */
const NEAR_BYTES = 32;

/**
 * The plain members (texts, numbers, true, false, null) at the top of a JSON object, the last of
 * each name. Prompts are skipped, not parsed, so that a request's facts cost little. Empty where
 * the bytes are no JSON object; other members and finer faults are the upstream's to judge.
 */
export function topLevelMembers(json: Buffer, names: readonly string[]): Map<string, unknown> {
  return new Map(
    [...locateMembers(json, names)].map(([name, [start, end]]) => [
      name,
      end - start > PLAIN_BYTES_MAX ? undefined : parseJson(json.toString("utf8", start, end)),
    ]),
  );
}

/**
 * Where the values of those members begin and end, in bytes; of other than plain ones, nowhere. It
 * works on the bytes as they are: a body as one text would be the largest thing that a request makes.
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

/** Where the string that begins at `from` has its closing quote; -1 where it has none. */
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

/** Whether the byte is escaped: an odd number of backslashes stands before it, not before `from`. */
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

/** Where the value at a place begins and ends, if it is no object or array. */
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
