/** Members with a text that a model wrote: words, thoughts, code, and arguments of tools as text. */
const TEXTS =
  "text|thinking|partial_json|content|reasoning|reasoning_content|arguments|delta|refusal|input|code";
/** Members with JSON that a model wrote: arguments of tools. */
const VALUES = "input|args|arguments";
const WRITTEN = new RegExp(`"(?:(?:${TEXTS})"\\s*:\\s*(?=")|(?:${VALUES})"\\s*:\\s*(?=[{[]))`, "g");

/**
 * Bytes of what a model wrote in a piece of an answer, also if the piece ends within it. Null if the piece has
 * nothing of the kind. An escaped character counts as it is written, which is never less.
 */
export function writtenBytes(piece: string): number | null {
  let bytes: number | null = null;
  WRITTEN.lastIndex = 0;
  while (WRITTEN.test(piece)) {
    const start = WRITTEN.lastIndex;
    const isText = piece[start] === '"';
    const end = isText ? endOfString(piece, start + 1) : endOfValue(piece, start);
    bytes = (bytes ?? 0) + Buffer.byteLength(piece.slice(isText ? start + 1 : start, end));
    WRITTEN.lastIndex = end;
  }
  return bytes;
}

/** Behind the bracket that closes an object or array, or the end of a piece that has none. */
function endOfValue(json: string, start: number): number {
  let depth = 0;
  for (let at = start; at < json.length; at += 1) {
    const sign = json[at];
    if (sign === '"') at = endOfString(json, at + 1);
    else if (sign === "{" || sign === "[") depth += 1;
    else if (sign === "}" || sign === "]") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return json.length;
}

function endOfString(json: string, start: number): number {
  let quote = json.indexOf('"', start);
  while (quote !== -1 && isEscaped(json, start, quote)) quote = json.indexOf('"', quote + 1);
  return quote === -1 ? json.length : quote;
}

function isEscaped(json: string, from: number, at: number): boolean {
  let start = at;
  while (start > from && json[start - 1] === "\\") start -= 1;
  return (at - start) % 2 === 1;
}
