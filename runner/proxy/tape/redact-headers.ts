import { headerPairs } from "../request-headers.ts";

/** Whatever may hold a credential, by its name: better one header too many than one too few. */
const SECRET = /auth|key|token|secret|cookie|credential|session|password/i;
const HARMLESS = /^(?:anthropic-ratelimit|x-ratelimit|x-codex-(?:primary|secondary))-/i;

/** Raw headers with every value that may be a credential taken out. */
export function redactHeaders(raw: readonly string[]): string[] {
  return [...headerPairs(raw)].flatMap(([name, value]) => [
    name,
    SECRET.test(name) && !HARMLESS.test(name) ? "[redacted]" : value,
  ]);
}
