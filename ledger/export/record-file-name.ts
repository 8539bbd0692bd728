const CHARS_MAX = 150;

/** A record's name as the name of a file: a row may come from anywhere, and call its record anything. */
export function recordFileName(record: string, ending: string): string {
  const safe = encodeURIComponent(record).replaceAll(".", "%2E").replaceAll("*", "%2A");
  return `${safe.slice(0, CHARS_MAX)}.${ending}`;
}
