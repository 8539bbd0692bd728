/** Shorter ones are no secrets, and would be found everywhere. */
const SECRET_CHARACTERS_MIN = 8;

/**
 * Pieces of one text with every secret in it made unreadable, also where it lies across two of
 * them. Their lengths stay, so that whatever counts bytes still holds.
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
