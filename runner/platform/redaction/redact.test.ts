import { expect, test } from "vitest";

import { redactBytes, redactPath, secretsInPath } from "./redact.ts";

const SECRET = "sk-secret-0001";

function redacted(pieces: readonly string[], secrets: readonly string[]): readonly string[] {
  return redactBytes(
    pieces.map((piece) => Buffer.from(piece)),
    secrets,
  ).map(String);
}

test("every secret in a text becomes unreadable, and every length stays", () => {
  expect(redacted([`é${SECRET}x${SECRET}`], [SECRET])).toEqual([
    `é${"*".repeat(14)}x${"*".repeat(14)}`,
  ]);
});

test("a secret that spans two pieces becomes unreadable too", () => {
  expect(redacted(["a sk-sec", "ret-0001 b"], [SECRET])).toEqual(["a ******", "******** b"]);
});

test("a short word is no secret, and the rest stays as it is", () => {
  expect(redacted(["a key b", ""], ["key", ""])).toEqual(["a key b", ""]);
});

test.each([
  ["/v1/messages", "/v1/messages"],
  ["/v1/messages?beta=true", "/v1/messages?beta=true"],
  ["/m:generate?alt=sse&key=AIza%2B1", "/m:generate?alt=sse&key=[redacted]"],
  ["/m?%6bey=a=b&x", "/m?%6bey=[redacted]&x"],
  ["/m?access_token=a&API_KEY=b&key=", "/m?access_token=[redacted]&API_KEY=[redacted]&key="],
  ["/m?key=[redacted]", "/m?key=[redacted]"],
  ["/m?a=%zz&%zzkey=1", "/m?a=%zz&%zzkey=[redacted]"],
])("the path %s is kept as %s", (path, kept) => {
  expect(redactPath(path)).toBe(kept);
});

test("a secret in a path counts as written and decoded", () => {
  expect(secretsInPath("/m?alt=sse&key=AIza%2B1")).toEqual(["AIza%2B1", "AIza+1"]);
});
