import { headerPairs } from "../headers.ts";

const SECRET_NAME = /auth|key|token|secret|cookie|credential|session|password|signature/i;
const HARMLESS_NAME = /^(?:anthropic-ratelimit|x-ratelimit|x-codex-(?:primary|secondary))-/i;
/** Shorter texts are no secrets, and would be found everywhere. */
const SECRET_CHARACTERS_MIN = 8;
const REDACTED = "[redacted]";

/** How variables are called that hold a credential. */
const SECRET_VARIABLE = /(?:^|_)(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$/i;

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

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Overwrites every secret in the pieces of one text, also if it spans two pieces. The pieces keep
 * their lengths, so byte counts stay true.
 */
export function redactBytes(
  pieces: readonly Buffer[],
  secrets: readonly string[],
): readonly Buffer[] {
  const whole = Buffer.concat(pieces);
  for (const secret of secrets) {
    if (secret.length >= SECRET_CHARACTERS_MIN) blank(whole, Buffer.from(secret));
  }
  let from = 0;
  return pieces.map(({ length }) => {
    from += length;
    return whole.subarray(from - length, from);
  });
}

function blank(whole: Buffer, secret: Buffer): void {
  for (let at = whole.indexOf(secret); at !== -1; at = whole.indexOf(secret, at)) {
    whole.fill("*", at, at + secret.length);
  }
}
