import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { request } from "node:http";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { connect as connectTls } from "node:tls";

import { expect, onTestFinished, test } from "vitest";

import { systemClock } from "../../../platform/environment/environment.ts";
import { listenOnLoopback } from "../../../platform/http/listen-on-loopback.ts";
import type { Respond } from "../test-support/fake-upstream.ts";
import { open } from "../test-support/open-tunnel.ts";
import { proxyBefore } from "../test-support/proxy-under-test.ts";
import { openAuthority } from "./authority.ts";
import { VENDOR_HOSTS } from "./intercept.ts";

const ANSWER = '{"type":"message","model":"answered","usage":{"input_tokens":2,"output_tokens":3}}';
const BODY = '{"model":"model-a"}';
const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;

function ownFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-ca-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return path.join(folder, "mitm");
}

const answering: Respond = (response) => {
  response.writeHead(200, { "content-type": "application/json" }).end(ANSWER);
};

async function intercepting(respond?: Respond, tunnelPorts: readonly number[] = []) {
  const authority = await openAuthority(ownFolder(), systemClock);
  const interception = { authority, hosts: VENDOR_HOSTS, tunnelPorts };
  const under = await proxyBefore(respond ?? answering, { interception });
  return { ...under, ca: readFileSync(authority.certificateFile, "utf8") };
}

interface Asked {
  readonly host: string;
  readonly ca: string;
  readonly method?: string;
  readonly target?: string;
}

const MESSAGES = "/v1/messages?beta=true";

async function ask(socket: Socket, { host, ca, method = "POST", target = MESSAGES }: Asked) {
  const secure = connectTls({ socket, host, servername: host, ca });
  await once(secure, "secureConnect");
  return await new Promise<{ status: number; body: string }>((resolve, reject) => {
    const outgoing = request(
      {
        host,
        path: target,
        method,
        createConnection: () => secure,
        headers: { "content-length": String(BODY.length) },
      },
      (answer) => {
        let body = "";
        answer.setEncoding("utf8").on("data", (text: string) => (body += text));
        answer.once("end", () => resolve({ status: answer.statusCode ?? 0, body }));
      },
    );
    outgoing.once("error", reject);
    outgoing.end(BODY);
  });
}

test("a request to a vendor's host is read, metered and sent to the attempt's upstream", async () => {
  const { attempt, upstream, events, ca } = await intercepting();
  const { status, socket } = await open(attempt.proxyUrl, "api.anthropic.com:443");
  expect(status).toBe(200);
  expect(await ask(socket, { host: "api.anthropic.com", ca })).toEqual({
    status: 200,
    body: ANSWER,
  });
  expect(upstream.requests).toMatchObject([{ method: "POST", url: "/v1/messages?beta=true" }]);
  expect(String(upstream.requests[0]?.body)).toBe(BODY);
  expect(events).toMatchObject([{ kind: "model", window: "W0-01", prompt_tokens: 2 }]);
});

test("an attempt with a socket is intercepted there, by its own key only", async () => {
  const { proxy, route, attempt, events, ca } = await intercepting();
  const other = proxy.openAttempt(route({ window: "W0-02" }));
  const [socketPath] = await Promise.all([attempt, other].map(({ key }) => proxy.openSocket(key)));
  if (socketPath === undefined) throw new Error("There is no socket.");
  const target = "api.anthropic.com:443";
  const statuses = await Promise.all([
    open(attempt.proxyUrl, target),
    open(attempt.proxyUrl, target, { key: other.key, socketPath }),
    open(attempt.proxyUrl, target, { socketPath }),
  ]);
  expect(statuses.map(({ status }) => status)).toEqual([403, 403, 200]);
  const [, , opened] = statuses;
  if (opened === undefined) throw new Error("There is no connection.");
  const { status } = await ask(opened.socket, { host: "api.anthropic.com", ca });
  expect(status).toBe(200);
  expect(events).toMatchObject([{ kind: "model", window: "W0-01" }]);
});

test("the log-in for one vendor never goes to the upstream of another", async () => {
  const { proxy, route, events, ca } = await intercepting();
  const auth = { mode: "inherit" } as const;
  const upstream = { name: "anthropic", baseUrl: "https://api.anthropic.com", auth };
  const { proxyUrl } = proxy.openAttempt(route({ upstream }));
  const { socket } = await open(proxyUrl, "api.openai.com:443");
  const { status, body } = await ask(socket, { host: "api.openai.com", ca });
  expect([status, body]).toEqual([403, expect.stringContaining("no upstream of that vendor")]);
  expect(events).toMatchObject([{ error: "other_vendor", backend_provider: null }]);
});

const EVENTS = "/api/event_logging/v2/batch";
const SETTINGS = "/api/claude_code/settings";
const PLUGINS = "/backend-api/plugins/list";

test.each([
  ["closed", "POST", EVENTS, 403],
  ["closed", "GET", SETTINGS, 403],
  ["closed", "POST", "/v1/metrics", 403],
  ["closed", "POST", "/v1/embeddings", 403],
  ["closed", "GET", PLUGINS, 403],
  ["closed", "GET", "/v1/models", 200],
  ["closed", "POST", "/v1/messages/batches/b_1/cancel", 200],
  ["closed", "POST", "/v1/messages/count_tokens", 200],
  ["closed", "POST", "/v1/oauth/token", 200],
  [{ allow: ["api.anthropic.com"] }, "POST", EVENTS, 200],
  ["open", "GET", SETTINGS, 200],
  [undefined, "POST", EVENTS, 200],
] as const)("in a window with the network %j, %s %s is answered with %i", async (...row) => {
  const [network, method, target, status] = row;
  const { proxy, route, upstream, events, ca } = await intercepting();
  const opened = proxy.openAttempt(route({ window: "W0-02", ...(network && { network }) }));
  const socketPath = await proxy.openSocket(opened.key);
  const { socket } = await open(opened.proxyUrl, "api.anthropic.com:443", { socketPath });
  const answer = await ask(socket, { host: "api.anthropic.com", ca, method, target });
  expect(answer.status).toBe(status);
  expect(upstream.requests.length).toBe(status === 200 ? 1 : 0);
  const isBlocked = { status: 403, error: "not_for_a_model", backend_provider: null };
  expect(events).toMatchObject([status === 200 ? { status } : isBlocked]);
  const blocked = [{ host: "api.anthropic.com", port: 443, count: 1 }];
  expect(proxy.connectionsOf(opened.key)?.blocked).toEqual(status === 200 ? [] : blocked);
});

test("a client that does not trust the authority sends nothing", async () => {
  const { attempt, upstream } = await intercepting();
  const { socket } = await open(attempt.proxyUrl, "api.anthropic.com:443");
  await expect(ask(socket, { host: "api.anthropic.com", ca: "" })).rejects.toThrow(/certificate/);
  expect(upstream.requests).toEqual([]);
});

test("an attempt that is over gets an answer in its dialect", async () => {
  const { proxy, attempt, upstream, ca } = await intercepting();
  await proxy.closeAttempt(attempt.key);
  const { socket } = await open(attempt.proxyUrl, "api.anthropic.com:443");
  const { status, body } = await ask(socket, { host: "api.anthropic.com", ca });
  expect([status, body]).toEqual([402, expect.stringContaining("This run is over.")]);
  expect(upstream.requests).toEqual([]);
});

test.each([
  ["an unknown key", "guessed", "api.anthropic.com:443", 403],
  ["no key", "", "api.anthropic.com:443", 407],
  ["another port than that of HTTPS", undefined, "127.0.0.1:22", 403],
  ["something that is no target", undefined, "localhost", 403],
])("%s is turned away", async (...[, key, target, status]) => {
  const { attempt } = await intercepting(undefined, [443]);
  expect((await open(attempt.proxyUrl, target, { key })).status).toBe(status);
});

test("any other host is tunnelled, and its bytes are not looked at", async () => {
  const echo = createServer((socket) => void socket.on("error", () => undefined).pipe(socket));
  const port = Number(new URL(await listenOnLoopback(echo)).port);
  onTestFinished(() => void echo.close());
  const { attempt, events, upstream } = await intercepting(undefined, [port]);
  const { status, socket } = await open(attempt.proxyUrl, `127.0.0.1:${String(port)}`);
  expect(status).toBe(200);
  const back = new Promise((resolve) => {
    socket.once("data", resolve);
  });
  socket.write("\u0000not HTTP\r\n\r\n");
  expect(String(await back)).toBe("\u0000not HTTP\r\n\r\n");
  expect([events, upstream.requests]).toEqual([[], []]);
});

test("stopping the proxy closes tunnels that are open", async () => {
  const silent = createServer((socket) => void socket.on("error", () => undefined));
  const port = Number(new URL(await listenOnLoopback(silent)).port);
  onTestFinished(() => void silent.close());
  const { proxy, attempt } = await intercepting(undefined, [port]);
  const { socket } = await open(attempt.proxyUrl, `127.0.0.1:${String(port)}`);
  const closed = new Promise((resolve) => {
    socket.once("close", () => resolve("closed"));
  });
  await proxy.stop();
  expect(await closed).toBe("closed");
});

test("a tunnel to a closed port is a bad gateway", async () => {
  const gone = createServer();
  const port = Number(new URL(await listenOnLoopback(gone)).port);
  await new Promise((resolve) => {
    gone.close(resolve);
  });
  const { attempt } = await intercepting(undefined, [port]);
  expect((await open(attempt.proxyUrl, `127.0.0.1:${String(port)}`)).status).toBe(502);
});

test("a proxy without interception accepts no CONNECT", async () => {
  const { attempt } = await proxyBefore((response) => void response.end());
  expect((await open(attempt.proxyUrl, "api.anthropic.com:443")).status).toBe(403);
});

test("the key is its owner's only, and the authority is kept until its last day", async () => {
  const folder = ownFolder();
  let nowMs = systemClock.nowMs();
  const clock = { nowMs: () => nowMs, monotonicMs: () => 0 };
  const { certificateFile, bundleFile } = await openAuthority(folder, clock);
  const first = readFileSync(certificateFile, "utf8");
  expect(statSync(path.join(folder, "ca-key.pem")).mode & 0o777).toBe(0o600);
  expect(readFileSync(bundleFile, "utf8").startsWith(first)).toBe(true);
  nowMs += 28 * DAY_MS;
  await openAuthority(folder, clock);
  expect(readFileSync(certificateFile, "utf8")).toBe(first);
  nowMs += DAY_MS + HOUR_MS;
  await openAuthority(folder, clock);
  expect(readFileSync(certificateFile, "utf8")).not.toBe(first);
});
