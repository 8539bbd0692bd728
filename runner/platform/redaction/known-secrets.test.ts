import { expect, test } from "vitest";

import { KnownSecrets } from "./known-secrets.ts";

const KEY = "sk-secret-0001";
const FILL = "*".repeat(KEY.length);

test("data keep everything but the secrets in their texts", () => {
  const secrets = new KnownSecrets({ sure: [KEY], likely: ["production"] });
  const data = {
    reason: `It said ${KEY}.`,
    quality: 0.5,
    churn: null,
    stages: ["production", KEY],
  };
  expect(secrets.redact(data)).toEqual({
    ...data,
    reason: `It said ${FILL}.`,
    stages: ["production", FILL],
  });
  const clean = { reason: "production" };
  expect(secrets.redact(clean)).toBe(clean);
});

test("a text that was cut within a secret keeps no long part of it", () => {
  const secrets = new KnownSecrets({ sure: [KEY], likely: [] });
  const cut = [`It said ${KEY.slice(0, 10)}`, `${KEY.slice(-9)} it said`, "sk-said"];
  expect(secrets.redact(cut)).toEqual([
    `It said ${"*".repeat(10)}`,
    `${"*".repeat(9)} it said`,
    "sk-said",
  ]);
});

test("an attempt's own secrets are known until it is over", () => {
  const secrets = new KnownSecrets({ sure: [], likely: [] });
  const held = secrets.hold();
  held.add([KEY]);
  expect(secrets.inOutput()).toContain(KEY);
  expect(secrets.redactFile(Buffer.from(`a ${KEY}`)).toString()).toBe(`a ${FILL}`);
  held.release();
  expect(secrets.redact([KEY])).toEqual([KEY]);
});

test("a file without a secret is the same bytes", () => {
  const file = Buffer.from("production");
  expect(new KnownSecrets({ sure: [KEY], likely: ["production"] }).redactFile(file)).toBe(file);
});
