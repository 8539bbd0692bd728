import { describe, expect, test } from "vitest";

import { spellingsOf } from "./secret-spellings.ts";

const SECRET = 'sk/se+cret"0001\\é';

const isHeld = (text: string) => spellingsOf([SECRET]).some((spelling) => text.includes(spelling));

describe("a secret is found", () => {
  const inJson = JSON.stringify({ key: SECRET });
  test.each([
    ["as it is", `a ${SECRET} b`],
    ["in JSON", inJson],
    ["in JSON within JSON", JSON.stringify({ said: inJson })],
    ["in JSON that escapes slashes", inJson.replaceAll("/", String.raw`\/`)],
    ["in an address", `?key=${encodeURIComponent(SECRET)}`],
    ["in an address in small letters", `?key=${encodeURIComponent(SECRET).toLowerCase()}`],
    ["in base64", Buffer.from(SECRET).toString("base64")],
    ["after a user in base64", Buffer.from(`me:${SECRET}`).toString("base64")],
    ["after others in base64", Buffer.from(`me::${SECRET} and more`).toString("base64")],
    ["in base64 for addresses", Buffer.from(`a ${SECRET}`).toString("base64url")],
  ])("%s", (_, text) => {
    expect(isHeld(text)).toBe(true);
  });
});

test("a secret of several lines is found by each long line", () => {
  const spelled = spellingsOf(["-----BEGIN-----\nMIIEvQIBADANBg\nQ==\n"]);
  expect(spelled).toEqual(expect.arrayContaining(["-----BEGIN-----", "MIIEvQIBADANBg"]));
  expect(spelled).not.toContain("Q==");
});

test("a short text is no secret in any spelling", () => {
  expect(spellingsOf(["1234567", "", "a b"])).toEqual([]);
});
