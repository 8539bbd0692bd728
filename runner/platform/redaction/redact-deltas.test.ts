import { expect, test } from "vitest";

import { redactDeltas } from "./redact-deltas.ts";

const SECRET = "sk-secret-0001";

const event = (field: string, text: string) =>
  `data: ${JSON.stringify({ type: "delta", index: 0, delta: { [field]: text } })}\n\n`;

function redacted(text: string): string {
  const bytes = Buffer.from(text);
  redactDeltas(bytes, [SECRET]);
  return bytes.toString();
}

test.each(["text", "thinking", "content", "partial_json", "arguments"])(
  "a secret that events spread over several pieces of a %s is overwritten",
  (field) => {
    const pieces = ["the key is sk-s", "ecr", 'et-0001, "isn\'t it?"'];
    const clean = ["the key is ****", "***", '*******, "isn\'t it?"'];
    expect(redacted(pieces.map((piece) => event(field, piece)).join(""))).toBe(
      clean.map((piece) => event(field, piece)).join(""),
    );
  },
);

test("pieces of different fields are no secret together, and other text stays", () => {
  const text = event("text", "sk-secr") + event("thinking", "et-0001") + event("text", "x");
  expect(redacted(text)).toBe(text);
});

test("a text that never ends ends the search", () => {
  const text = `${event("text", "sk-secret")}{"text":"-0001\\`;
  expect(redacted(text)).toBe(`${event("text", "*********")}{"text":"*****\\`);
});
