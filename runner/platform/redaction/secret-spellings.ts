/** Shorter texts are not secrets, and would be found everywhere. */
const CHARACTERS_MIN = 8;
/** A line of a longer secret, such as a key in PEM, is a secret by itself. */
const LINE_CHARACTERS_MIN = 12;
const BASE64_BITS = 6;
const BYTE_BITS = 8;

/**
 * Every way in which a text may hold one of these secrets: as it is, within JSON and JSON within JSON,
 * in an address, and in base64 after any other bytes. The longest come first.
 */
export function spellingsOf(secrets: readonly string[]): readonly string[] {
  const whole = secrets.flatMap((secret) => [secret, ...linesOf(secret)]);
  const spelled = [...new Set(whole)].filter(isLong).flatMap(spellings);
  return [...new Set(spelled)].filter(isLong).toSorted((one, other) => other.length - one.length);
}

function isLong(text: string): boolean {
  return text.length >= CHARACTERS_MIN;
}

function linesOf(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n/u);
  if (lines.length === 1) return [];
  return lines.map((line) => line.trim()).filter(({ length }) => length >= LINE_CHARACTERS_MIN);
}

function spellings(secret: string): readonly string[] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  const encoded = encodeURIComponent(secret.toWellFormed());
  return [
    secret,
    inJson,
    JSON.stringify(inJson).slice(1, -1),
    inJson.replaceAll("/", String.raw`\/`),
    encoded,
    encoded.replaceAll(/%[0-9A-F]{2}/gu, (code) => code.toLowerCase()),
    encoded.replaceAll("%20", "+"),
    ...inBase64(Buffer.from(secret)),
  ];
}

/** The characters of a text in base64 that depend on these bytes alone, after 0, 1 or 2 other bytes. */
function inBase64(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const from = Math.ceil((before * BYTE_BITS) / BASE64_BITS);
    const to = Math.floor(((before + bytes.length) * BYTE_BITS) / BASE64_BITS);
    const own = text.slice(from, to);
    return [own, own.replaceAll("+", "-").replaceAll("/", "_")];
  });
}
