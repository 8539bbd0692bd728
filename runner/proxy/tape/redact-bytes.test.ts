import { expect, test } from "vitest";

import { redactBytes } from "./redact-bytes.ts";

const SECRET = "sk-secret-0001";

function redacted(pieces: readonly string[], secrets: readonly string[]): readonly string[] {
  return redactBytes(
    pieces.map((piece) => Buffer.from(piece)),
    secrets,
  ).map(String);
}

test("a secret is made unreadable wherever it stands, and every length stays", () => {
  expect(redacted([`é${SECRET}x${SECRET}`], [SECRET])).toEqual([
    `é${"*".repeat(14)}x${"*".repeat(14)}`,
  ]);
});

test("also where it lies across two pieces", () => {
  expect(redacted(["a sk-sec", "ret-0001 b"], [SECRET])).toEqual(["a ******", "******** b"]);
});

test("a short word is no secret, and nothing else is touched", () => {
  expect(redacted(["a key b", ""], ["key", ""])).toEqual(["a key b", ""]);
});
