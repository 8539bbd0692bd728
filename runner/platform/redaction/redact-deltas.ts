const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FILL = "*".charCodeAt(0);
/** The fields in which model APIs and agents stream a text, piece by piece. */
const FIELDS = [
  "text",
  "thinking",
  "content",
  "reasoning_content",
  "partial_json",
  "arguments",
  "delta",
];

/** The place of a piece of a streamed text. */
interface Piece {
  readonly from: number;
  readonly to: number;
}

/**
 * Overwrites secrets that events spread over several pieces of one text, in place. A model that repeats a
 * key streams it in a few characters at a time.
 * @returns whether there was one.
 */
export function redactDeltas(bytes: Buffer, spellings: readonly string[]): boolean {
  const wanted = spellings.map((spelling) => Buffer.from(spelling));
  return FIELDS.map((field) => redactField(bytes, piecesOf(bytes, field), wanted)).includes(true);
}

/** The values of a field that are texts, without their quotes. */
function piecesOf(bytes: Buffer, field: string): readonly Piece[] {
  const start = Buffer.from(`"${field}":`);
  const pieces: Piece[] = [];
  for (let at = bytes.indexOf(start); at !== -1; at = bytes.indexOf(start, at)) {
    at += start.length;
    if (bytes[at] === 0x20) at += 1;
    if (bytes[at] !== QUOTE) continue;
    const from = at + 1;
    at = endOfText(bytes, from);
    if (at > from) pieces.push({ from, to: at });
  }
  return pieces;
}

function endOfText(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at += 1) {
    if (bytes[at] === BACKSLASH) at += 1;
    else if (bytes[at] === QUOTE) return at;
  }
  return bytes.length;
}

function redactField(bytes: Buffer, pieces: readonly Piece[], wanted: readonly Buffer[]): boolean {
  if (pieces.length < 2) return false;
  const joined = Buffer.concat(pieces.map(({ from, to }) => bytes.subarray(from, to)));
  let isFound = false;
  for (const secret of wanted) {
    for (let at = joined.indexOf(secret); at !== -1; at = joined.indexOf(secret, at)) {
      joined.fill(FILL, at, at + secret.length);
      at += secret.length;
      isFound = true;
    }
  }
  if (!isFound) return false;
  let at = 0;
  for (const { from, to } of pieces) {
    joined.copy(bytes, from, at, at + to - from);
    at += to - from;
  }
  return true;
}
