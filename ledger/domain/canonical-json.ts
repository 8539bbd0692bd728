import { createHash } from "node:crypto";

import canonicalize from "canonicalize";

/** Canonical JSON (RFC 8785): the same value gives the same text on every machine. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("A value without a JSON form has no canonical JSON.");
  return text;
}

/** SHA-256 of a value's canonical JSON, hex. */
export function canonicalSha256(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}
