import { headerPairs } from "../request-headers.ts";
import { maySayCredential } from "./secret-names.ts";

const HARMLESS = /^(?:anthropic-ratelimit|x-ratelimit|x-codex-(?:primary|secondary))-/i;

/** Raw headers with every value that may be a credential taken out. */
export function redactHeaders(raw: readonly string[]): string[] {
  return [...headerPairs(raw)].flatMap(([name, value]) => [
    name,
    maySayCredential(name) && !HARMLESS.test(name) ? "[redacted]" : value,
  ]);
}
