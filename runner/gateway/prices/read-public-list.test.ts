import { createServer } from "node:http";

import { expect, onTestFinished, test } from "vitest";

import { closeServer, listenOnLoopback } from "../../platform/http/listen-on-loopback.ts";
import { readCompanyNetwork } from "../../platform/network/company-network.ts";
import { startCompanyProxy } from "../proxy/test-support/company-proxy.ts";
import { readPublicList } from "./read-public-list.ts";

interface Company {
  readonly options?: Parameters<typeof startCompanyProxy>[1];
  /** The value of HTTPS_PROXY and HTTP_PROXY; by default the proxy's address. */
  readonly named?: string;
  readonly isTrusted?: boolean;
}

/** Reads a list inside a company's network, and says why that fails. */
async function fail(from: string, { options = {}, named, isTrusted = true }: Company) {
  const server = createServer((_, answer) => void answer.end("{}"));
  const origin = await listenOnLoopback(server);
  onTestFinished(async () => await closeServer(server));
  const { url, caFile, stop } = await startCompanyProxy(origin, options);
  onTestFinished(stop);
  const proxy = named ?? url;
  const trust = isTrusted ? { SSL_CERT_FILE: caFile } : {};
  const variables = { HTTPS_PROXY: proxy, HTTP_PROXY: proxy, ...trust };
  const network = readCompanyNetwork({ variables, cwd: "/" });
  const reading = readPublicList(from, { nowMs: 0, network });
  const failure: unknown = await reading.then(
    () => "",
    (error: unknown) => error,
  );
  return String(failure);
}

const LIST = "https://lists.example/api.json";
const PLAIN = "http://lists.example/api.json";
const DEAD = "http://127.0.0.1:9";
const ASKS_FOR_USER = {
  options: { user: "me:secret" },
  said: ["407", "write the user and the password into"],
};

interface Said {
  readonly said: readonly string[];
}

test.each<[what: string, from: string, company: Company & Said]>([
  ["an authority that nobody trusts", LIST, { isTrusted: false, said: ["SSL_CERT_FILE"] }],
  [
    "a proxy with TLS that nobody trusts",
    LIST,
    {
      options: { isSecure: true },
      isTrusted: false,
      said: ["HTTPS_PROXY https://localhost:", "SSL_CERT_FILE"],
    },
  ],
  ["a dead proxy", LIST, { named: DEAD, said: [`HTTPS_PROXY ${DEAD}: `, "NO_PROXY"] }],
  ["a dead proxy for a plain address", PLAIN, { named: DEAD, said: [`HTTP_PROXY ${DEAD}: `] }],
  ["a proxy that asks for a user", LIST, ASKS_FOR_USER],
  ["a proxy that asks for a user, for a plain address", PLAIN, ASKS_FOR_USER],
  [
    "a proxy that forbids the host",
    LIST,
    { options: { status: 403 }, said: ["to allow the host"] },
  ],
])("a fault of a company's network has a mend of its own: %s", async (_, from, asked) => {
  const { said, ...company } = asked;
  const failure = await fail(from, company);
  for (const text of said) expect(failure).toContain(text);
  expect(failure).not.toMatch(/Check the address|use-system-ca/);
});
