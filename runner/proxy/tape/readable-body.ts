import { decodeBody } from "../decode-body.ts";
import { headerPairs } from "../request-headers.ts";

const ENCODING = "content-encoding";
const BODY_BYTES_MAX = 64 * 1024 * 1024;

/** A request's body without its encoding; empty where it can't be read, since then it can't be searched for keys. */
export async function readableBody(body: Buffer, rawHeaders: readonly string[]): Promise<Buffer> {
  const encoding = encodingOf(rawHeaders);
  const decoded = await decodeBody(body, encoding, BODY_BYTES_MAX);
  // A body that was rewritten on the way is plain, whatever its client had said of it.
  const isPlain = encoding === "" || encoding === "identity" || body.at(0) === OPENING_BRACE;
  return decoded === body && !isPlain ? Buffer.alloc(0) : decoded;
}

const OPENING_BRACE = 0x7b;

/** In lower case; empty where the headers name none. */
export function encodingOf(rawHeaders: readonly string[]): string {
  const found = [...headerPairs(rawHeaders)].filter(([name]) => name.toLowerCase() === ENCODING);
  return found.map(([, value]) => value.trim().toLowerCase()).join(", ");
}

export function withoutEncoding(rawHeaders: readonly string[]): string[] {
  return [...headerPairs(rawHeaders)].filter(([name]) => name.toLowerCase() !== ENCODING).flat();
}
