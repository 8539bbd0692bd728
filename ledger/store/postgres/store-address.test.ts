import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, onTestFinished, test } from "vitest";

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
  const keys = [
    "host/one",
    "host/two",
    "other/one",
    "host:7/one",
    "/one?host=/run&port=7",
    "/one?host=/run",
  ].map((at) => keyOf(`postgres://${at}`));
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

test.each([
  ["postgres://host/ledger?sslmode=verify-full&sslmode=disable", "sslmode"],
  ["postgres://host/ledger?sslmode=disable&sslmode=verify-full", "sslmode"],
  ["postgres://host/ledger?application_name=a&application_name=a", "application_name"],
  ["postgres://host:7/ledger?port=8", "port"],
  ["postgres://host/ledger?host=other", "host"],
  ["postgres://me:sesame@host/ledger?password=sesame", "password"],
])("%s is refused, because %s is there twice", (url, name) => {
  const read = () => readStoreAddress(url, "--store");
  expect(read).toThrow(`--store: expected each part of the address once, got two of "${name}".`);
  expect(read).not.toThrow(/sesame/u);
});

test("a file that an address names is looked at before anything connects", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-address-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const notes = path.join(folder, "notes.txt");
  writeFileSync(notes, "no certificate");
  const faults = {
    "/nowhere/ca.pem": "no such file",
    [folder]: "a folder",
    [notes]: "no certificate",
  };
  for (const [file, fault] of Object.entries(faults)) {
    const url = `postgres://host/ledger?sslmode=verify-full&sslrootcert=${file}`;
    const read = () => readStoreAddress(url, "--store");
    expect(read).toThrow(`--store: expected sslrootcert to be a file in PEM, got ${file}: `);
    expect(read).toThrow(fault);
  }
});

test.each(["postgres://me:sesame@host/ledger", "postgres://host/ledger?password=sesame"])(
  "%s is refused on a command line, and not repeated",
  (url) => {
    expect(() => refusePassword(url)).toThrow(/^(?!.*sesame).*without a password/u);
  },
);
