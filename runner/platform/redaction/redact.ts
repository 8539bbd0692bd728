import { headerPairs } from "../http/header-pairs.ts";
import { redactDeltas } from "./redact-deltas.ts";

const SECRET_NAME = /auth|key|token|secret|cookie|credential|session|password|signature/i;
const HARMLESS_NAME = /^(?:anthropic-ratelimit|x-ratelimit|x-codex-(?:primary|secondary))-/i;
/** Shorter texts are not secrets, and would be found everywhere. */
const SECRET_CHARACTERS_MIN = 8;
const REDACTED = "[redacted]";

/** How variables are called that hold a credential. */
const SECRET_VARIABLE = /(?:^|_)(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASS|PAT|DSN|CREDENTIALS?)$/i;
/** A shorter part of a secret that was cut says little, and would be found everywhere. */
const PART_CHARACTERS_MIN = 8;

/** Whether a variable of this name surely holds a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) || SECRET_VARIABLE.test(name);
}

/** The values of variables that may be credentials. */
export function secretsIn(
  variables: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  return Object.entries(variables).flatMap(([name, value]) =>
    value !== undefined && SECRET_VARIABLE.test(name) ? value : [],
  );
}

/** Raw headers without the values that may be credentials. */
export function redactHeaders(raw: readonly string[]): string[] {
  return [...headerPairs(raw)].flatMap(([name, value]) => [
    name,
    SECRET_NAME.test(name) && !HARMLESS_NAME.test(name) ? REDACTED : value,
  ]);
}

/** A path without the query values that may be credentials, e.g. of `?key=`; the rest as written. */
export function redactPath(path: string): string {
  return replaceSecrets(path, () => REDACTED);
}

/** The values that `redactPath` removes, as written and decoded: others may quote them. */
export function secretsInPath(path: string): readonly string[] {
  const secrets: string[] = [];
  replaceSecrets(path, (value) => {
    secrets.push(value, decoded(value));
    return value;
  });
  return secrets;
}

function replaceSecrets(path: string, replace: (value: string) => string): string {
  return path.replace(/\?.*$/s, (query) =>
    query.replaceAll(/(?<=[?&])([^&=]*)=([^&]+)/g, (written, name: string, value: string) =>
      SECRET_NAME.test(decoded(name)) ? `${name}=${replace(value)}` : written,
    ),
  );
}

export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Overwrites every secret in the pieces of one text, even if it spans two pieces. The pieces keep
 * their lengths, so byte counts stay true.
 */
export function redactBytes(
  pieces: readonly Buffer[],
  secrets: readonly string[],
): readonly Buffer[] {
  return cutLike(pieces, blanked(pieces, secrets));
}

/** The same for a stream of events, in which a secret may also be spread over several events. */
export function redactEvents(
  pieces: readonly Buffer[],
  secrets: readonly string[],
): readonly Buffer[] {
  const whole = blanked(pieces, secrets);
  redactDeltas(whole, secrets);
  return cutLike(pieces, whole);
}

/** Overwrites every secret in a text, and parts of one at its ends: it may have been cut there. */
export function redactText(text: string, secrets: readonly string[]): string {
  const clean = blanked([Buffer.from(text)], secrets).toString();
  return secrets.reduce((cut, secret) => blankEnds(cut, secret), clean);
}

function blankEnds(text: string, secret: string): string {
  for (
    let length = Math.min(secret.length - 1, text.length);
    length >= PART_CHARACTERS_MIN;
    length -= 1
  ) {
    if (text.endsWith(secret.slice(0, length))) {
      return text.slice(0, -length) + FILL.repeat(length);
    }
    if (text.startsWith(secret.slice(-length))) return FILL.repeat(length) + text.slice(length);
  }
  return text;
}

function cutLike(pieces: readonly Buffer[], whole: Buffer): readonly Buffer[] {
  let from = 0;
  return pieces.map(({ length }) => {
    from += length;
    return whole.subarray(from - length, from);
  });
}

const FILL = "*";

function blanked(pieces: readonly Buffer[], secrets: readonly string[]): Buffer {
  const whole = Buffer.concat(pieces);
  for (const secret of secrets) {
    if (secret.length >= SECRET_CHARACTERS_MIN) blank(whole, Buffer.from(secret));
  }
  return whole;
}

function blank(whole: Buffer, secret: Buffer): void {
  for (let at = whole.indexOf(secret); at !== -1; at = whole.indexOf(secret, at)) {
    whole.fill(FILL, at, at + secret.length);
  }
}
