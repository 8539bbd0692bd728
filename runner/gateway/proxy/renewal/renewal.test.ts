import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request, type ServerResponse } from "node:http";
import { connect as connectTls } from "node:tls";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { expect, onTestFinished, test } from "vitest";

import { systemClock } from "../../../platform/environment/environment.ts";
import { temporaryFolder } from "../../../platform/test-support/temporary-folder.ts";
import { openAuthority } from "../mitm/authority.ts";
import type { ProxyOptions } from "../proxy.ts";
import { open } from "../test-support/open-tunnel.ts";
import { proxyBefore } from "../test-support/proxy-under-test.ts";
import { answerTokens, type Renew, startRenewer } from "../test-support/scripted-renewer.ts";
import type { Renewal } from "./renewal.ts";

const HOST = "login.vendor.example";
const PATH = "/v1/oauth/token";
const ASK = JSON.stringify({ grant_type: "refresh_token", refresh_token: "lent", scope: "a" });
const ISSUED = { access_token: "next-access", refresh_token: "next-refresh" };

/** An attempt whose agent may renew its log-in at a scripted vendor. */
async function renewing(
  renew: Renew = (_, response) => answerTokens(response, ISSUED),
  options: Pick<ProxyOptions, "drainMs"> = {},
) {
  const vendor = await startRenewer(temporaryFolder(), renew);
  onTestFinished(() => vendor.stop());
  const authority = await openAuthority(temporaryFolder(), systemClock);
  const taken: Renewal[] = [];
  const originOf = () => vendor.origin;
  const under = await proxyBefore(() => undefined, { originOf, ...options });
  const take = (renewal: Renewal) => void taken.push(renewal);
  const renewals = { hosts: [HOST], path: PATH, authority, take };
  const attempt = under.proxy.openAttempt(under.route({ renewals, network: "closed" }));
  const ca = readFileSync(authority.certificateFile, "utf8");
  return { ...under, vendor, attempt, taken, ca };
}

interface Asked {
  readonly target?: string;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
}

type Renewing = Pick<Awaited<ReturnType<typeof renewing>>, "attempt" | "ca" | "proxy">;

/** Asks the vendor's host through the attempt's own socket, as a sandboxed agent does. */
async function ask({ attempt, ca, proxy }: Renewing, { target = PATH, ...asked }: Asked = {}) {
  const { body = ASK, method = "POST", headers = { "content-type": "application/json" } } = asked;
  const socketPath = await proxy.openSocket(attempt.key);
  const { status: connected, socket } = await open(attempt.proxyUrl, `${HOST}:443`, { socketPath });
  if (connected !== 200) return { status: connected, body: "" };
  const secure = connectTls({ socket, servername: HOST, ca });
  await once(secure, "secureConnect");
  return await new Promise<{ status: number; body: string }>((resolve, reject) => {
    const length = { "content-length": String(Buffer.byteLength(body)) };
    const options = { createConnection: () => secure, host: HOST, path: target, method };
    const outgoing = request({ ...options, headers: { ...headers, ...length } }, (answer) => {
      let text = "";
      answer.setEncoding("latin1").on("data", (piece: string) => (text += piece));
      answer.once("end", () => resolve({ status: answer.statusCode ?? 0, body: text }));
      answer.once("error", reject);
    });
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}

test("a renewal is asked of the vendor itself, and seen before the client gets its answer", async () => {
  const attempt = await renewing();
  const answer = await ask(attempt);
  expect(JSON.parse(answer.body)).toMatchObject(ISSUED);
  expect(attempt.taken).toEqual([
    { presented: "lent", issued: expect.objectContaining(ISSUED), status: 200 },
  ]);
  expect(attempt.vendor.asked).toMatchObject([{ path: PATH, body: ASK }]);
  expect(attempt.vendor.asked[0]?.host).toBe(new URL(attempt.vendor.origin).host);
  const row = { kind: "other", status: 200, backend_provider: HOST, error: null };
  expect(attempt.events).toMatchObject([row]);
  expect(JSON.stringify(attempt.events)).not.toMatch(/lent|next-/);
});

test("the vendor sees the very token that the proxy has seen, and no other credential", async () => {
  const attempt = await renewing();
  const twice = `{"refresh_token":"own","grant_type":"refresh_token","refresh_token":"lent","x":{"y":1}}`;
  await ask(attempt, {
    target: `${PATH}?refresh_token=own`,
    body: twice,
    headers: { authorization: "Bearer own", cookie: "own", host: "other.example" },
  });
  const form = { "content-type": "application/x-www-form-urlencoded" };
  await ask(attempt, {
    body: "grant_type=refresh_token&refresh_token=own&refresh_token=lent",
    headers: form,
  });
  expect(attempt.taken.map(({ presented }) => presented)).toEqual(["lent", "lent"]);
  const seen = attempt.vendor.asked.map(({ path, body }) => [path, body]);
  expect(seen).toEqual([
    [PATH, '{"refresh_token":"lent","grant_type":"refresh_token"}'],
    [PATH, "grant_type=refresh_token&refresh_token=lent"],
  ]);
  expect(JSON.stringify(attempt.vendor.asked)).not.toContain("own");
});

const TEXT = JSON.stringify(ISSUED);

test.each<[string, (response: ServerResponse) => void]>([
  [
    "compressed by gzip",
    (to) => to.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(TEXT)),
  ],
  [
    "compressed by brotli",
    (to) => to.writeHead(200, { "content-encoding": "br" }).end(brotliCompressSync(TEXT)),
  ],
  [
    "in pieces",
    (to) => {
      for (const one of TEXT.split("")) to.write(one);
      to.end();
    },
  ],
])("an answer that comes %s is read", async (_, respond) => {
  const attempt = await renewing((_asked, response) => respond(response));
  expect((await ask(attempt)).status).toBe(200);
  expect(attempt.taken).toMatchObject([{ presented: "lent", issued: ISSUED, status: 200 }]);
});

const HUGE = JSON.stringify({ ...ISSUED, more: "x".repeat(2 * 1024 * 1024) });

test.each<[string, number, (response: ServerResponse) => void]>([
  ["malformed", 200, (to) => to.end(TEXT.slice(0, -1))],
  ["without an access token", 200, (to) => to.end('{"refresh_token":"next-refresh"}')],
  ["deep", 200, (to) => to.end("[".repeat(100_000) + "]".repeat(100_000))],
  ["an error", 400, (to) => to.writeHead(400).end('{"error":"invalid_grant"}')],
  ["a redirection", 302, (to) => to.writeHead(302, { location: "https://own.example" }).end(TEXT)],
  ["huge", 502, (to) => to.end(HUGE)],
  [
    "broken off",
    502,
    (to) => void to.writeHead(200, { "content-length": "99" }).write(TEXT, () => to.destroy()),
  ],
])("an answer that is %s issues nothing", async (_, status, respond) => {
  const attempt = await renewing((_asked, response) => respond(response));
  expect((await ask(attempt)).status).toBe(status);
  const seen = status === 502 ? 0 : status;
  expect(attempt.taken).toEqual([{ presented: "lent", issued: null, status: seen }]);
});

test.each([
  ["another path", { target: "/v1/oauth/revoke" }, 403],
  ["another method", { method: "PUT" }, 403],
  ["no request for tokens", { body: "[" }, 400],
  ["a larger request", { body: "x".repeat(100_000) }, 413],
])("%s does not reach the vendor", async (_, asked, status) => {
  const attempt = await renewing();
  expect((await ask(attempt, asked)).status).toBe(status);
  expect([attempt.vendor.asked, attempt.taken]).toEqual([[], []]);
});

test("other requests pass to a host that the network allows, and are not seen", async () => {
  const attempt = await renewing((_, response) => void response.end("page"));
  const allowed = { hosts: [HOST], path: PATH, take: () => undefined };
  const authority = await openAuthority(temporaryFolder(), systemClock);
  const network = { allow: [HOST] };
  const other = attempt.proxy.openAttempt(
    attempt.route({ renewals: { ...allowed, authority }, network }),
  );
  const ca = readFileSync(authority.certificateFile, "utf8");
  const answer = await ask({ ...attempt, attempt: other, ca }, { target: "/page", method: "GET" });
  expect(answer).toEqual({ status: 200, body: "page" });
});

test("an attempt without a log-in to renew has no way to the vendor's host", async () => {
  const attempt = await renewing();
  const other = attempt.proxy.openAttempt(attempt.route({ network: "closed" }));
  expect((await ask({ ...attempt, attempt: other })).status).toBe(403);
  expect(attempt.vendor.asked).toEqual([]);
});

test("a renewal that has begun is seen although the client is gone and the attempt ends", async () => {
  const asked = Promise.withResolvers<ServerResponse>();
  const attempt = await renewing((_, response) => asked.resolve(response), { drainMs: 0 });
  const socketPath = await attempt.proxy.openSocket(attempt.attempt.key);
  const { socket } = await open(attempt.attempt.proxyUrl, `${HOST}:443`, { socketPath });
  const secure = connectTls({ socket, servername: HOST, ca: attempt.ca });
  secure.on("error", () => undefined);
  secure.write(`POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: ${ASK.length}\r\n\r\n${ASK}`);
  const answer = await asked.promise;
  secure.destroy();
  const closed = attempt.proxy.closeAttempt(attempt.attempt.key);
  // After the timer that breaks requests off.
  setTimeout(() => answerTokens(answer, ISSUED), 0);
  await closed;
  expect(attempt.taken).toMatchObject([{ presented: "lent", issued: ISSUED }]);
});
