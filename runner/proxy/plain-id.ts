const PLAIN = /^[\w.:-]{1,128}$/;

/** A foreign identifier as it may stand in a row: short and plain, else null. */
export function plainId(value: unknown): string | null {
  return typeof value === "string" && PLAIN.test(value) ? value : null;
}
