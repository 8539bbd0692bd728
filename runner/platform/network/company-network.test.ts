import { expect, test } from "vitest";

import { readCompanyNetwork, secretsOfProxies } from "./company-network.ts";

const UPPER = "http://upper.example:3128";
const LOWER = "http://lower.example:3128";

function proxyFor(variables: Readonly<Record<string, string>>, address: string) {
  const { protocol, hostname: host, port } = new URL(address);
  const scheme = protocol === "https:" ? "https" : "http";
  const asked = { host, port: Number(port === "" ? 443 : port) };
  return readCompanyNetwork({ variables, cwd: "/" }).proxyFor(scheme, asked)?.shown ?? null;
}

test.each([
  [{ HTTPS_PROXY: UPPER }, "https://a.example", UPPER],
  [{ HTTPS_PROXY: UPPER }, "http://a.example", null],
  [{ HTTP_PROXY: UPPER }, "https://a.example", null],
  [{ http_proxy: LOWER }, "http://a.example", LOWER],
  [{ HTTPS_PROXY: UPPER, https_proxy: LOWER }, "https://a.example", LOWER],
  [{ HTTPS_PROXY: UPPER, https_proxy: "" }, "https://a.example", null],
  [{ HTTPS_PROXY: UPPER, NODE_USE_ENV_PROXY: "1" }, "https://a.example", UPPER],
  [{ HTTPS_PROXY: UPPER, NODE_USE_ENV_PROXY: "0" }, "https://a.example", null],
  [{ HTTPS_PROXY: UPPER, NO_PROXY: "example" }, "https://a.example", null],
  [{ HTTPS_PROXY: UPPER, NO_PROXY: "example", no_proxy: "" }, "https://a.example", UPPER],
  [{ HTTPS_PROXY: UPPER, NO_PROXY: "a.example:444" }, "https://a.example", UPPER],
  [{ HTTPS_PROXY: UPPER, NO_PROXY: "a.example:444" }, "https://a.example:444", null],
  [{ HTTPS_PROXY: UPPER }, "https://localhost", null],
  [{ HTTPS_PROXY: UPPER }, "https://127.8.9.10:8443", null],
  [{ HTTPS_PROXY: UPPER }, "https://[::1]", null],
  [{ HTTPS_PROXY: " upper.example:3128 " }, "https://a.example", UPPER],
])("with %j, %s is reached through %s", (variables, address, shown) => {
  expect(proxyFor(variables, address)).toBe(shown);
});

test.each([
  ["http://me:pass%40word-1@p.example", ["pass%40word-1", "pass@word-1"]],
  ["me:pass%40word-1@p.example", ["pass%40word-1", "pass@word-1"]],
  ["http://token-4711@p.example", ["token-4711"]],
])("the secrets of %s", (address, secrets) => {
  expect(secretsOfProxies({ https_proxy: address })).toEqual(expect.arrayContaining(secrets));
});

test("a proxy without a user has no secret", () => {
  expect(secretsOfProxies({ HTTPS_PROXY: UPPER, HTTP_PROXY: "p.example:80" })).toEqual([]);
});
