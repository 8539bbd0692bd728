import { expect, test } from "vitest";

import { readStoreAddress, refusePassword } from "./store-address.ts";

function keyOf(url: string): string {
  return readStoreAddress(url, "--store").key;
}

test.each([
  ["postgres://me:sesame@host/ledger", "postgres://me@host/ledger"],
  ["postgres://host:7/ledger?password=sesame&user=me", "postgres://host:7/ledger?user=me"],
  ["postgresql:///ledger?host=/run/postgresql", "postgresql:///ledger?host=/run/postgresql"],
])("%s is shown as %s", (url, shown) => {
  expect(readStoreAddress(url, "--store").shown.replaceAll("%2F", "/")).toBe(shown);
});

test("an address has the same folder whoever logs in, and another one for another database", () => {
  expect(keyOf("postgres://me:sesame@host/ledger")).toBe(keyOf("postgres://you@host:5432/ledger"));
  const keys = ["host/one", "host/two", "other/one", "host:7/one"].map((at) =>
    keyOf(`postgres://me@${at}`),
  );
  expect(new Set(keys).size).toBe(keys.length);
});

test.each([
  "mysql://host/ledger",
  "postgres://host",
  "postgres://host/",
  "ledger",
  "postgres://host/ledger?sslmode=require",
  "postgres://host/ledger?sslmode=no-verify",
])("%s is refused", (url) => {
  expect(() => readStoreAddress(url, "--store")).toThrow(/^--store: expected/u);
});

test.each(["postgres://me:sesame@host/ledger", "postgres://host/ledger?password=sesame"])(
  "%s is refused on a command line, and not repeated",
  (url) => {
    expect(() => refusePassword(url)).toThrow(/^(?!.*sesame).*without a password/u);
  },
);
