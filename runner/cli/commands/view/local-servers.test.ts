import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";

import { describe, expect, onTestFinished, test } from "vitest";

import { createCounts, serveMetrics } from "../../../experiment/cluster/worker-counts.ts";
import { receiveOtlp } from "../../../gateway/otlp/receive-otlp.ts";
import { startReplay } from "../../../gateway/proxy/recording/replay.ts";
import { proxyBefore } from "../../../gateway/proxy/test-support/proxy-under-test.ts";
import { servePage } from "../../../platform/http/serve-page.ts";

/** Starts a server, and returns an address at which it answers a request as it should. */
const SERVERS: Readonly<Record<string, () => Promise<string>>> = {
  "experiment view": async () => {
    const report = {
      page: () => Promise.resolve("page"),
      papers: () => Promise.resolve(null),
      watch: () => () => undefined,
    };
    const server = await servePage(report, { port: 0, token: "0123456789abcdef" });
    onTestFinished(server.close);
    return server.address;
  },
  "the proxy": async () => {
    const { attempt } = await proxyBefore((response) => {
      response.end("{}");
    });
    return `${attempt.url}/v1/models`;
  },
  "the receiver of OTLP": async () => {
    const server = await receiveOtlp({ take: () => undefined }, 0);
    onTestFinished(() => server.stop());
    return `${server.origin}/`;
  },
  "a worker's counts": async () => {
    const server = await serveMetrics(createCounts(), 0);
    onTestFinished(server.close);
    return `${server.url}/metrics`;
  },
  "a replay": async () => {
    const server = await startReplay([], { timing: "zero", say: () => undefined });
    onTestFinished(() => server.stop());
    return `${server.origin}/`;
  },
};

const REST = "\r\nhost: HOST\r\nconnection: close\r\n\r\n";
/** What a client can send that is not a request of ours, as it goes over the wire. */
const REQUESTS: Readonly<Record<string, string>> = {
  "two slashes": `GET // HTTP/1.1${REST}`,
  "a port that does not exist": `GET //host:99999/ HTTP/1.1${REST}`,
  "an asterisk": `GET * HTTP/1.1${REST}`,
  "an asterisk with OPTIONS": `OPTIONS * HTTP/1.1${REST}`,
  "a whole URL": `GET http://example.com:99999/ HTTP/1.1${REST}`,
  "a URL without a host": `GET http:// HTTP/1.1${REST}`,
  "a URL with half an address": `GET http://[:: HTTP/1.1${REST}`,
  "a percent sign": `GET % HTTP/1.1${REST}`,
  "a path and a query that can't be decoded": `GET /%?%=%E0%A4%A HTTP/1.1${REST}`,
  backslashes: `GET /\\\\host\\..\\ HTTP/1.1${REST}`,
  "a very long path": `GET /${"a".repeat(100_000)} HTTP/1.1${REST}`,
  "HTTP/1.0 without a host": "GET // HTTP/1.0\r\n\r\n",
  "no host": "GET / HTTP/1.1\r\nconnection: close\r\n\r\n",
  "CONNECT to nothing": `CONNECT //:99999 HTTP/1.1${REST}`,
  "CONNECT to a host": `CONNECT example.com:443 HTTP/1.1${REST}`,
  "an upgrade to a WebSocket": `GET // HTTP/1.1\r\nhost: HOST\r\nconnection: upgrade, close\r\nupgrade: websocket\r\n\r\n`,
  "an upgrade to HTTP/2": `GET // HTTP/1.1\r\nhost: HOST\r\nconnection: upgrade, close\r\nupgrade: h2c\r\n\r\n`,
  "a request of HTTP/2": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "an expectation that nobody meets": `POST // HTTP/1.1\r\nexpect: miracles${REST}`,
  "a body of two lengths": `POST // HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2${REST}a`,
  "a body that is no chunk": `POST // HTTP/1.1\r\ntransfer-encoding: chunked${REST}zz\r\n`,
  "bytes that are no HTTP": "\u0016\u0003\u0001\u0002\u0000 TLS\r\n\r\n",
};

describe.each(Object.entries(SERVERS))("%s continues after", (_server, start) => {
  test.each(Object.entries(REQUESTS))("%s", async (_what, request) => {
    const address = await start();
    const before = await statusOf(address);
    expect(await beginningOf(address, request)).toMatch(/^(?:HTTP\/1\.1 4\d\d .*)?$/u);
    (await send(address, request)).resetAndDestroy();
    expect(await statusOf(address)).toBe(before);
  });
});

async function statusOf(address: string): Promise<number | undefined> {
  const [answer]: IncomingMessage[] = await once(get(address, { agent: false }), "response");
  answer?.resume();
  return answer?.statusCode;
}

async function send(address: string, request: string): Promise<Socket> {
  const { host, port } = new URL(address);
  const socket = connect(Number(port), "127.0.0.1").on("error", () => undefined);
  await once(socket, "connect");
  socket.write(request.replace("HOST", host), "latin1");
  return socket;
}

/** The first line of the answer; empty if the server closes without one. */
async function beginningOf(address: string, request: string): Promise<string> {
  const socket = await send(address, request);
  let answer = "";
  socket.on("data", (bytes: Buffer) => {
    answer += bytes.toString("latin1");
  });
  // The server may reset a connection whose request it has not read to its end.
  await new Promise((resolve) => {
    socket.once("close", resolve);
  });
  return answer.split("\r\n", 1)[0] ?? "";
}
