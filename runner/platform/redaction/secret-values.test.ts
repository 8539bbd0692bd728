import { expect, test } from "vitest";

import { isToken, isWord, surelySecretIn } from "./secret-values.ts";

test.each([
  ["NPM_TOKEN", "c0ffee-4711", ["c0ffee-4711"]],
  ["INDEX", "c0ffee-c0ffee-4711", ["c0ffee-c0ffee-4711"]],
  ["NODE_ENV", "production", []],
  ["DB_PASSWORD", "postgres", []],
  ["NODE_OPTIONS", "--max-old-space-size=4096", []],
  ["JAVA_HOME", "/usr/lib/jvm/java-21", []],
  ["VERSION", "2026.11.25.1200", []],
  ["WORDS", "two words 4711 4711", []],
  ["INDEX_URL", "https://example.com/simple", []],
  [
    "INDEX_URL",
    "https://me:c0%2Dffee@example.com/simple",
    ["https://me:c0%2Dffee@example.com/simple", "c0%2Dffee", "c0-ffee"],
  ],
  ["SENTRY", "https://c0ffee@example.com/1", ["https://c0ffee@example.com/1", "c0ffee", "c0ffee"]],
])("of %s=%s these are surely secret: %j", (name, value, secrets) => {
  expect(surelySecretIn({ [name]: value })).toEqual(secrets);
});

test.each([
  ["anthropic", true],
  ["sk-anthropic", false],
])("%s is a word: %s", (text, expected) => {
  expect(isWord(text)).toBe(expected);
});

test.each([
  ["ghp_0123456789abcdefABCDEF", true],
  ["linux-x64-node-24-abcdef", false],
  ["Production2026", false],
])("%s is a token: %s", (text, expected) => {
  expect(isToken(text)).toBe(expected);
});
