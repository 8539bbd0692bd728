const BODY_BYTES = 50 * 1024;

/** A request of about 50 KB, always the same. */
export function loadBody(bytes = BODY_BYTES): Buffer {
  const messages = [{ role: "user", content: prose(bytes) }];
  return Buffer.from(JSON.stringify({ model: "model", stream: true, messages }));
}

/** Text that compresses and tokenises like text, always the same. */
function prose(bytes: number): string {
  const words = ["the", "cache", "forgets", "what", "was", "used", "least", '\n"', "αβγ", "items"];
  let text = "";
  for (let index = 0; text.length < bytes; index += 1) {
    text += `${words[(index * index + 3 * index) % words.length] ?? ""} `;
  }
  return text.slice(0, bytes);
}
