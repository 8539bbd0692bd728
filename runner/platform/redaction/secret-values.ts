import { decoded, isSecretName } from "./redact.ts";

const SURE_CHARACTERS_MIN = 12;
const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\//iu;
/** An option, a path, a version, or words: what variables of a build often hold. */
const PLAIN = /^[-./~]|^[\d.]+$|\s/u;

/** Whether a text is a word, which rows and work may hold for other reasons: a key for tests may be one. */
export function isWord(text: string): boolean {
  return /^[a-z]+$/iu.test(text);
}

/** Whether nothing but a drawn token looks like this text: it mixes small and large letters and digits. */
export function isToken(text: string): boolean {
  return /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[\w+/=.-]{20,}$/u.test(text);
}

/**
 * The secrets in the values of variables that a task hands to its setup. Work may say `production` for
 * other reasons, so a plain word is not a secret.
 */
export function surelySecretIn(variables: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(variables).flatMap(([name, value]) => [
    ...(isSecret(name, value) ? [value] : []),
    ...secretsOfAddress(value),
  ]);
}

function isSecret(name: string, value: string): boolean {
  if (isWord(value)) return false;
  if (isSecretName(name)) return true;
  return value.length >= SURE_CHARACTERS_MIN && !PLAIN.test(value) && !ADDRESS.test(value);
}

/** A tool may write the whole address, or only its password. */
function secretsOfAddress(value: string): readonly string[] {
  const url = ADDRESS.test(value) ? URL.parse(value) : null;
  if (url === null || url.password + url.username === "") return [];
  const part = url.password === "" ? url.username : url.password;
  return [value, part, decoded(part)];
}
