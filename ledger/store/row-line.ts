import { hash } from "node:crypto";

/** Every line that our own envelope can begin with, of this version or a later one. */
export const LINE_PREFIX = '{"_v":';
export const HASH_CHARS = 43;
const SEQ_FROM = '{"_v":1,"seq":'.length;
const PREV = ',"prev":"';
const COMMA = 0x2c;
const TRAILER_START = Buffer.from(',"h":"');
/** Quote and brace. */
const HASH_END = 2;
/** `,"h":"<43>"}`: every line ends so, and can therefore be checked without parsing it. */
export const TRAILER_BYTES = TRAILER_START.length + HASH_CHARS + HASH_END;

export function hashOf(content: string | Uint8Array): string {
  return hash("sha256", content, "base64url");
}

/**
 * Seals a row that lacks its last field: `{"_v":1,…` without `,"h"` and brace. Returns the line
 * without newline.
 */
export function sealLine(unsealed: string): { readonly line: string; readonly h: string } {
  const h = hashOf(unsealed);
  return { line: `${unsealed},"h":"${h}"}`, h };
}

/** Whether the row that starts at a place says that it follows the row with a hash. */
export function followsAt(bytes: Buffer, start: number, prev: string): boolean {
  const from = bytes.indexOf(COMMA, start + SEQ_FROM) + PREV.length;
  return bytes.toString("latin1", from, from + HASH_CHARS) === prev;
}

/** Whether bytes end as every row does, whatever the hash. */
export function endsAsRow(bytes: Buffer, start: number, end: number): boolean {
  const trailer = bytes.toString("latin1", Math.max(start, end - TRAILER_BYTES), end);
  return /^,"h":"[\w-]{43}"\}$/.test(trailer);
}

/** The hash of a row, if its line is whole and follows another row; undefined if it is or does not. */
export function hashIfNext(
  line: string,
  { seq, h }: { readonly seq: number; readonly h: string },
): string | undefined {
  const own = hashIn(line);
  const isNext = line.startsWith(`{"_v":1,"seq":${seq + 1},"prev":"${h}",`);
  return isNext && hashOf(line.slice(0, -TRAILER_BYTES)) === own ? own : undefined;
}

/** The hash that ends a row's line. */
export function hashIn(line: string): string {
  return line.slice(-HASH_CHARS - HASH_END, -HASH_END);
}

/** The hash that ends a row whose line ends at `end`. */
export function hashAtEnd(bytes: Buffer, end: number): string {
  return bytes.toString("latin1", end - HASH_END - HASH_CHARS, end - HASH_END);
}

/** The hash that ends the line in `bytes[start…end)`, if it matches the bytes before it. */
export function trueHashOf(bytes: Buffer, start: number, end: number): string | undefined {
  const trailer = end - TRAILER_BYTES;
  if (trailer < start + LINE_PREFIX.length) return undefined;
  if (bytes[end - 1] !== 0x7d || bytes[end - 2] !== 0x22) return undefined;
  for (let index = 0; index < TRAILER_START.length; index += 1) {
    if (bytes[trailer + index] !== TRAILER_START[index]) return undefined;
  }
  const h = hashAtEnd(bytes, end);
  return hashOf(bytes.subarray(start, trailer)) === h ? h : undefined;
}
