import { expect, test } from "vitest";

import { secretPartOf } from "./address-secret.ts";

test.each([
  ["https://user:c0ffee@example.com", "one with a password"],
  ["https://:c0ffee@example.com", "one with a password"],
  ["https://c0ffee@example.com/v1", "one with a user"],
  ["https://example.com/v1?key=c0ffee", "one with a query"],
  ["https://example.com/v1?", "one with a query"],
  ["https://example.com/v1#c0ffee", "one with a fragment"],
  ["https://example.com/sk-ant-api03-c0ffee/v1", "one with a key in its path"],
  ["https://example.com/%73k-ant-api03-c0ffee/v1", "one with a key in its path"],
  ["https://example.com/v1/eyJhbGciOiJIUzI1NiJ9.e30.c0ffee", "one with a key in its path"],
  ["https://example.com/v1;token=c0ffee", "one with a key in its path"],
  ["user:c0ffee@example.com", "a text that may hold a key"],
  ["example.com/v1?key=c0ffee", "a text that may hold a key"],
])("%s is refused, and not repeated", (address, expected) => {
  expect(secretPartOf(address)).toBe(expected);
});

test.each([
  "https://api.anthropic.com",
  "http://127.0.0.1:8080/v1/",
  "https://gateway.ai.cloudflare.com/v1/0123456789abcdef0123456789abcdef/my-gateway/anthropic",
  "https://api.z.ai/api/anthropic",
  "https://example.com/skills/pk/eyes/@cf",
  "localhost",
])("%s holds no secret", (address) => {
  expect(secretPartOf(address)).toBeNull();
});
