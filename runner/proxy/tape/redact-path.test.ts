import { expect, test } from "vitest";

import { redactPath, secretsInPath } from "./redact-path.ts";

test.each([
  ["/v1/messages", "/v1/messages"],
  ["/v1/messages?beta=true", "/v1/messages?beta=true"],
  ["/m:generate?alt=sse&key=AIza%2B1", "/m:generate?alt=sse&key=[redacted]"],
  ["/m?%6bey=a=b&x", "/m?%6bey=[redacted]&x"],
  ["/m?access_token=a&API_KEY=b&key=", "/m?access_token=[redacted]&API_KEY=[redacted]&key="],
  ["/m?key=[redacted]", "/m?key=[redacted]"],
  ["/m?a=%zz&%zzkey=1", "/m?a=%zz&%zzkey=[redacted]"],
])("%s is kept as %s", (path, kept) => {
  expect(redactPath(path)).toBe(kept);
});

test("a secret is known as it is written and as it is meant", () => {
  expect(secretsInPath("/m?alt=sse&key=AIza%2B1")).toEqual(["AIza%2B1", "AIza+1"]);
});
