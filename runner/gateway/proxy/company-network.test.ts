import { expect, onTestFinished, test } from "vitest";

import { readCompanyNetwork } from "../../platform/network/company-network.ts";
import { startCompanyProxy } from "./test-support/company-proxy.ts";
import {
  type FakeUpstream,
  type Respond,
  startFakeUpstream,
} from "./test-support/fake-upstream.ts";
import { proxyBefore } from "./test-support/proxy-under-test.ts";
import { send } from "./test-support/send.ts";

const ANSWER = '{"type":"message","model":"answered","usage":{"input_tokens":2,"output_tokens":3}}';
const BODY = '{"model":"model-a"}';
const USER = "me:pass%word-8472";
const CREDENTIAL = `Basic ${btoa(USER)}`;

interface Company {
  readonly options?: Parameters<typeof startCompanyProxy>[1];
  /** The address of the company's proxy in the variables; by default its own with its user. */
  readonly write?: (url: string) => string;
  readonly more?: Readonly<Record<string, string>>;
  readonly trusted?: "SSL_CERT_FILE" | "NODE_EXTRA_CA_CERTS" | null;
  readonly respond?: Respond;
}

const answering: Respond = (response) => {
  response.writeHead(200, { "content-type": "application/json" }).end(ANSWER);
};

/** Our proxy inside a company's network, before an upstream of that address. */
async function inCompany(baseUrl: (upstream: FakeUpstream) => string, asked: Company = {}) {
  const { options = {}, write = (url) => url, more = {}, trusted = "SSL_CERT_FILE" } = asked;
  const upstream = await startFakeUpstream(asked.respond ?? answering);
  onTestFinished(async () => await upstream.stop());
  const { url, caFile, led, cut, stop } = await startCompanyProxy(upstream.origin, options);
  onTestFinished(stop);
  const named = write(url);
  const proxies = { HTTPS_PROXY: named, HTTP_PROXY: named };
  const trust = trusted === null ? {} : { [trusted]: caFile };
  const company = readCompanyNetwork({ variables: { ...proxies, ...trust, ...more }, cwd: "/" });
  const { proxy, events, route } = await proxyBefore(() => undefined, { company });
  const auth = { mode: "inherit" } as const;
  const to = { name: "remote", baseUrl: baseUrl(upstream), auth };
  const { url: address } = proxy.openAttempt(route({ upstream: to }));
  const ask = async (onChunk: () => void = () => undefined) =>
    await send(`${address}/v1/messages`, {
      body: BODY,
      onChunk,
      headers: [
        "host",
        "proxy",
        "x-twice",
        "a",
        "x-twice",
        "b",
        "content-length",
        String(BODY.length),
      ],
    });
  return { ask, led, cut, upstream, events };
}

const withUser = (url: string): string =>
  url.replace("//", `//${encodeURIComponent("me")}:pass%25word-8472@`);
const METERED = [{ kind: "model", status: 200, prompt_tokens: 2, error: null }];

test.each([
  ["TLS that the company reads, trusted by SSL_CERT_FILE", {}],
  [
    "TLS that the company reads, trusted by NODE_EXTRA_CA_CERTS",
    { trusted: "NODE_EXTRA_CA_CERTS" },
  ],
  ["a proxy that asks for a user", { options: { user: USER }, write: withUser }],
  ["a proxy that speaks TLS itself", { options: { isSecure: true } }],
  ["an address without a scheme", { write: (url) => url.replace("http://", "") }],
] satisfies readonly (readonly [string, Company])[])(
  "an upstream that only the company's proxy knows is reached and metered: %s",
  async (title, company: Company) => {
    const { ask, led, upstream, events } = await inCompany(() => "https://models.example", company);
    expect(String((await ask()).body)).toBe(ANSWER);
    expect(led[0]).toEqual({
      method: "CONNECT",
      target: "models.example:443",
      authorization: title.includes("user") ? CREDENTIAL : undefined,
    });
    expect(events).toMatchObject(METERED);
    expect(upstream.requests[0]?.headers).not.toHaveProperty("proxy-authorization");
    expect(upstream.requests[0]?.rawHeaders.filter((text) => text === "x-twice")).toHaveLength(2);
  },
);

test("a plain upstream is asked for by its whole address", async () => {
  const { ask, led, upstream, events } = await inCompany(() => "http://models.example:8000/base", {
    options: { user: USER },
    write: withUser,
  });
  expect(String((await ask()).body)).toBe(ANSWER);
  const target = "http://models.example:8000/base/v1/messages";
  expect(led).toEqual([{ method: "POST", target, authorization: CREDENTIAL }]);
  expect(events).toMatchObject(METERED);
  expect(upstream.requests[0]?.headers.host).toBe("models.example:8000");
});

test("an upstream on this machine is never asked for through the company's proxy", async () => {
  const { ask, led, upstream, events } = await inCompany(({ origin }) => origin);
  expect(String((await ask()).body)).toBe(ANSWER);
  expect(led).toEqual([]);
  expect(upstream.requests).toHaveLength(1);
  expect(events).toMatchObject(METERED);
});

test.each([
  ["a proxy that asks for a user", { options: { user: USER } }, "proxy_status_407"],
  ["a proxy that forbids the host", { options: { status: 403 } }, "proxy_status_403"],
  ["an authority that nobody trusts", { trusted: null }, "SELF_SIGNED_CERT_IN_CHAIN"],
  ["a proxy that is not there", { write: () => "http://127.0.0.1:9" }, "proxy_ECONNREFUSED"],
  [
    "a proxy with TLS that nobody trusts",
    { options: { isSecure: true }, trusted: null },
    "proxy_SELF_SIGNED_CERT_IN_CHAIN",
  ],
] satisfies readonly (readonly [string, Company, string])[])(
  "%s: the row has the error",
  async (_title, company: Company, error) => {
    const { ask, upstream, events } = await inCompany(() => "https://models.example", company);
    expect((await ask()).status).toBe(502);
    expect(events).toMatchObject([{ status: 0, error }]);
    expect(upstream.requests).toEqual([]);
  },
);

test("a proxy that is not there, for a plain upstream: the row has the error", async () => {
  const more = { http_proxy: "http://127.0.0.1:9" };
  const { ask, events } = await inCompany(() => "http://models.example", { more });
  expect((await ask()).status).toBe(502);
  expect(events).toMatchObject([{ status: 0, error: "proxy_ECONNREFUSED" }]);
});

test("a host of NO_PROXY is reached without the company's proxy", async () => {
  const more = { NO_PROXY: ".example, 10.0.0.0/8" };
  const { ask, led, events } = await inCompany(() => "https://models.example", { more });
  expect((await ask()).status).toBe(502);
  expect(led).toEqual([]);
  expect(events).toMatchObject([{ status: 0 }]);
});

test.each([false, true])(
  "a company's proxy that breaks off a stream breaks off this request alone (TLS to it: %s)",
  async (isSecure) => {
    const { ask, cut, events } = await inCompany(() => "https://models.example", {
      options: { isSecure },
      respond: (response, request, nth) => {
        if (nth > 1) return void answering(response, request, nth);
        response.writeHead(200, { "content-type": "application/json" });
        response.write(ANSWER.slice(0, 20));
      },
    });
    expect((await ask(cut)).isWhole).toBe(false);
    expect(String((await ask()).body)).toBe(ANSWER);
    expect(events).toMatchObject([{ status: 200, usage: null }, ...METERED]);
  },
);
