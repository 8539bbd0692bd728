import { expect, test } from "vitest";

import { readHostList } from "./host-list.ts";

test.each([
  ["", "a.example", false],
  ["*", "a.example", true],
  ["b.example, *", "a.example", true],
  ["a.example", "a.example", true],
  ["A.Example.", "a.example", true],
  ["a.example", "A.EXAMPLE.", true],
  ["example", "a.example", true],
  [".example", "a.example", true],
  ["*.example", "a.example", true],
  ["ample", "a.example", false],
  ["a.example", "example", false],
  ["b.example a.example", "a.example", true],
  ["a.example:443", "a.example", true],
  ["a.example:8443", "a.example", false],
  ["*:443", "a.example", true],
  ["10.0.0.0/8", "10.200.3.4", true],
  ["10.0.0.0/8", "11.0.0.1", false],
  ["10.0.0.0/99", "10.0.0.1", false],
  ["10.0.0.1", "10.0.0.1", true],
  ["0.0.1", "10.0.0.1", false],
  ["10.0.0.1:80", "10.0.0.1", false],
  ["::1", "[::1]", true],
  ["[::1]:443", "0:0::1", true],
  ["fd00::/8", "fd12::3", true],
  ["::1", "::2", false],
])("the list %j, asked for %s on port 443: %s", (list, host, isNamed) => {
  expect(readHostList(list)({ host, port: 443 })).toBe(isNamed);
});
