import { parseJson } from "./json-value.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COLON = 0x3a;

const PLAIN_BYTES_MAX = 1024;

/** JSON with one character a byte: a search for a quote in it is several times as fast as in a buffer. */
interface Scanned {
  readonly json: Buffer;
  readonly text: string;
}

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

/** Where the values of those members begin and end, in bytes; of other than plain ones, nowhere. */
export function locateMembers(
  json: Buffer,
  names: readonly string[],
): Map<string, readonly [start: number, end: number]> {
  const scanned = { json, text: json.toString("latin1") };
  const { text } = scanned;
  const members = new Map<string, readonly [number, number]>();
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const byte = text.charCodeAt(at);
    if (byte === QUOTE) {
      const end = stringEnd(text, at + 1);
      if (end === -1) return new Map();
      const name = depth === 1 ? memberName(scanned, at, end) : null;
      if (name !== null && names.includes(name)) {
        members.set(name, plainValue(text, text.indexOf(":", end) + 1));
      }
      at = end;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
  }
  return depth === 0 ? members : new Map();
}

/** Where the string that begins at `from` has its closing quote; -1 where it has none. */
function stringEnd(text: string, from: number): number {
  let quote = text.indexOf('"', from);
  while (quote !== -1 && isEscaped(text, from, quote)) quote = text.indexOf('"', quote + 1);
  return quote;
}

/** Whether the character is escaped: an odd number of backslashes stands before it, not before `from`. */
function isEscaped(text: string, from: number, at: number): boolean {
  let start = at;
  while (start > from && text.charCodeAt(start - 1) === BACKSLASH) start -= 1;
  return (at - start) % 2 === 1;
}

/** The string between two quotes, if a colon makes it a member's name. */
function memberName({ json, text }: Scanned, open: number, close: number): string | null {
  if (text.charCodeAt(skipSpace(text, close + 1)) !== COLON) return null;
  const name = parseJson(json.toString("utf8", open, Math.min(close + 1, open + PLAIN_BYTES_MAX)));
  return typeof name === "string" ? name : null;
}

/** Where the value at a place begins and ends, if it is no object or array. */
function plainValue(text: string, from: number): readonly [number, number] {
  const start = skipSpace(text, from);
  if (text.charCodeAt(start) === QUOTE) return [start, stringEnd(text, start + 1) + 1];
  const plain = /^[^\s,\]{}[]*/.exec(text.slice(start, start + PLAIN_BYTES_MAX));
  return [start, start + (plain?.[0].length ?? 0)];
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (" \n\r\t".includes(text.charAt(at)) && at < text.length) at += 1;
  return at;
}
