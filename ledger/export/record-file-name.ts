import { createHash } from "node:crypto";

const CHARS_MAX = 150;
const HASH_CHARS = 8;

/**
 * A record's name as the name of a file: a row may come from anywhere, and call its record anything. Two
 * records never share one.
 */
export function recordFileName(record: string, ending: string): string {
  const safe = encodeURIComponent(record).replaceAll(".", "%2E").replaceAll("*", "%2A");
  if (safe !== "" && safe.length <= CHARS_MAX) return `${safe}.${ending}`;
  const hash = createHash("sha256").update(record).digest("hex").slice(0, HASH_CHARS);
  return `${safe.slice(0, CHARS_MAX)}~${hash}.${ending}`;
}
