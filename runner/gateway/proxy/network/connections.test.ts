import { once } from "node:events";
import { connect } from "node:net";

import { expect, onTestFinished, test } from "vitest";

import { systemClock } from "../../../platform/environment/environment.ts";
import { readCompanyNetwork } from "../../../platform/network/company-network.ts";
import { temporaryFolder } from "../../../platform/test-support/temporary-folder.ts";
import { openAuthority } from "../mitm/authority.ts";
import { VENDOR_HOSTS } from "../mitm/intercept.ts";
import type { ProxyOptions } from "../proxy.ts";
import type { AttemptRoute } from "../routes/route.ts";
import { startCompanyProxy } from "../test-support/company-proxy.ts";
import { open } from "../test-support/open-tunnel.ts";
import { eventually, proxyBefore } from "../test-support/proxy-under-test.ts";
import { startEcho } from "../test-support/start-echo.ts";

/** An attempt in a sandbox, with the given network. */
async function sandboxed(
  network: AttemptRoute["network"],
  options: Partial<ProxyOptions> & Pick<AttemptRoute, "isIntercepted"> = {},
) {
  const under = await proxyBefore((response) => void response.end("{}"), options);
  const { isIntercepted = false } = options;
  const attempt = under.proxy.openAttempt(
    under.route({ isIntercepted, ...(network === undefined ? {} : { network }) }),
  );
  const socketPath = await under.proxy.openSocket(attempt.key);
  const ask = async (target: string) => await open(attempt.proxyUrl, target, { socketPath });
  const read = () => {
    const connections = under.proxy.connectionsOf(attempt.key);
    if (connections === null) throw new Error("Its connections are not counted.");
    return connections;
  };
  return { ...under, attempt, socketPath, ask, read };
}

test("a closed network refuses every host with a sentence, and counts it by host and port", async () => {
  const { ask, read } = await sandboxed(undefined);
  const [first] = await Promise.all([
    ask("statsig.example.com:443"),
    ask("Statsig.Example.com:443"),
    ask("api.anthropic.com:443"),
    ask("[::1]:22"),
  ]);
  expect(first.status).toBe(403);
  expect(read().tunnelled).toEqual([]);
  expect(read().blocked).toEqual(
    expect.arrayContaining([
      { host: "statsig.example.com", port: 443, count: 2 },
      { host: "api.anthropic.com", port: 443, count: 1 },
      { host: "::1", port: 22, count: 1 },
    ]),
  );
});

test("a refusal says which fields allow a host", async () => {
  const { attempt, socketPath } = await sandboxed(undefined);
  const socket = connect({ path: socketPath });
  onTestFinished(() => void socket.destroy());
  let answer = "";
  socket.setEncoding("utf8").on("data", (text: string) => (answer += text));
  const key = Buffer.from(`${attempt.key}:`).toString("base64");
  socket.write(`CONNECT a.example:443 HTTP/1.1\r\nproxy-authorization: Basic ${key}\r\n\r\n`);
  await once(socket, "end");
  expect(answer).toMatch(/^HTTP\/1\.1 403 .*\r\n\r\n.*network in experiment\.yaml and task\.yaml/s);
});

test("a client without the key is known by its socket", async () => {
  const { attempt, socketPath, read } = await sandboxed(undefined);
  const { status } = await open(attempt.proxyUrl, "a.example:443", { key: "", socketPath });
  expect([status, read().blocked]).toEqual([403, [{ host: "a.example", port: 443, count: 1 }]]);
});

test("a neighbour's key is refused, and the attempt that showed it is counted", async () => {
  const { proxy, route, attempt, socketPath, read } = await sandboxed("open");
  const other = proxy.openAttempt(route({ window: "W0-02" }));
  const shown = { key: other.key, socketPath };
  expect((await open(attempt.proxyUrl, "a.example:443", shown)).status).toBe(403);
  expect(read().blocked).toEqual([{ host: "a.example", port: 443, count: 1 }]);
  expect(proxy.connectionsOf(other.key)).toBeNull();
});

test.each([
  ["http://a.example/x", { host: "a.example", port: 80 }],
  ["http://a.example:8080/x", { host: "a.example", port: 8080 }],
  ["https://[2001:db8::1]/x", { host: "2001:db8::1", port: 443 }],
  ["ftp://a.example/x", { host: "a.example", port: 80 }],
  ["http://a b/x", { host: "(unreadable)", port: 0 }],
])("a plain request for %s is refused and counted", async (url, target) => {
  const { socketPath, read, events } = await sandboxed("open");
  const socket = connect({ path: socketPath });
  onTestFinished(() => void socket.destroy());
  socket.write(`GET ${url.replace(" ", "%20")} HTTP/1.1\r\nhost: a.example\r\n\r\n`);
  const [answer]: unknown[] = await once(socket, "data");
  expect(String(answer)).toMatch(/^HTTP\/1\.1 403 /);
  expect(read().blocked).toEqual([{ ...target, count: 1 }]);
  expect(events).toEqual([]);
});

test("an allowed host gets a tunnel, whose bytes are counted while it is open and when it is over", async () => {
  const port = await startEcho();
  const network = { allow: ["localhost"] };
  const { ask, read } = await sandboxed(network, { publicLoopbackPort: port });
  const { status, socket } = await ask(`localhost:${String(port)}`);
  expect(status).toBe(200);
  socket.write("\u0000not HTTP\r\n\r\n");
  expect(String((await once(socket, "data"))[0])).toBe("\u0000not HTTP\r\n\r\n");
  const counted = { host: "localhost", port, count: 1, bytes_sent: 13, bytes_received: 13 };
  expect(read()).toEqual({ blocked: [], tunnelled: [counted] });
  socket.destroy();
  const again = await ask(`localhost:${String(port)}`);
  again.socket.end("bye");
  await once(again.socket.resume(), "close");
  await eventually(() => read().tunnelled[0]?.bytes_received === 16);
  expect(read().tunnelled).toEqual([{ ...counted, count: 2, bytes_sent: 16, bytes_received: 16 }]);
});

test.each([
  ["its own machine, by name", "localhost"],
  ["its own machine, by a number", "2130706433"],
  ["its own machine, by address", "127.0.0.1"],
  ["its own machine, by IPv6", "[::1]"],
  ["its own machine, mapped", "[::ffff:127.0.0.1]"],
  ["the cloud's metadata", "169.254.169.254"],
  ["the cloud's metadata by IPv6", "[fd00:ec2::254]"],
])("an open network does not lead to %s", async (_, host) => {
  const port = await startEcho();
  const { ask, read } = await sandboxed("open");
  expect((await ask(`${host}:${String(port)}`)).status).toBe(403);
  expect(read()).toMatchObject({ blocked: [{ port, count: 1 }], tunnelled: [] });
});

test("only the declared port of the loopback address counts as public", async () => {
  const [port, other] = [await startEcho(), await startEcho()];
  const { ask } = await sandboxed("open", { publicLoopbackPort: port });
  const statuses = [await ask(`127.0.0.1:${port}`), await ask(`127.0.0.1:${other}`)];
  expect(statuses.map(({ status }) => status)).toEqual([200, 403]);
});

test("a name without an address is a bad gateway, at once", async () => {
  const { ask, read } = await sandboxed({ allow: ["*.invalid"] });
  expect((await ask("nowhere.invalid:443")).status).toBe(502);
  expect(read()).toEqual({ blocked: [], tunnelled: [] });
});

test("the end of the attempt closes its tunnels, and lets no further one through", async () => {
  const port = await startEcho();
  const { proxy, attempt, ask, read } = await sandboxed("open", { publicLoopbackPort: port });
  const { socket } = await ask(`127.0.0.1:${port}`);
  const closed = once(socket.resume(), "close");
  proxy.refuseAttempt(attempt.key, { budget: "overall", sentence: "Over." });
  expect((await ask(`127.0.0.1:${port}`)).status).toBe(403);
  await proxy.closeAttempt(attempt.key);
  await closed;
  expect(read()).toMatchObject({ blocked: [], tunnelled: [{ count: 1 }] });
});

test("a vendor's host is intercepted only for an agent without a base URL", async () => {
  const authority = await openAuthority(temporaryFolder(), systemClock);
  const interception = { authority, hosts: VENDOR_HOSTS };
  const intercepted = await sandboxed("closed", { interception, isIntercepted: true });
  const addressed = await sandboxed("closed", { interception });
  const target = "api.anthropic.com:443";
  const statuses = [await intercepted.ask(target), await addressed.ask(target)];
  expect(statuses.map(({ status }) => status)).toEqual([200, 403]);
  expect(intercepted.read().blocked).toEqual([]);
  expect(addressed.read().blocked).toEqual([{ host: "api.anthropic.com", port: 443, count: 1 }]);
});

test("an agent that asks for ever more hosts can't fill the memory", async () => {
  const { socketPath, attempt, read } = await sandboxed(undefined);
  for (let host = 0; host < 130; host += 1) {
    await open(attempt.proxyUrl, `h${String(host)}.example:443`, { socketPath });
  }
  const { blocked } = read();
  expect(blocked).toHaveLength(101);
  expect(blocked.at(-1)).toEqual({ host: "(others)", port: 0, count: 30 });
});

/** A host that no lookup finds, and the proxy of a company that knows it. */
async function beforeCompany(network: AttemptRoute["network"]) {
  const origin = `http://127.0.0.1:${String(await startEcho())}`;
  const company = await startCompanyProxy(origin, { isReading: false });
  onTestFinished(company.stop);
  const variables = { HTTPS_PROXY: company.url, NO_PROXY: "exempt.invalid" };
  const read = readCompanyNetwork({ variables, cwd: "/" });
  return { led: company.led, ...(await sandboxed(network, { company: read })) };
}

test("a host that only the company's proxy knows is reached by its name, and counted", async () => {
  const { ask, read, led } = await beforeCompany({ allow: ["packages.invalid"] });
  const { status, socket } = await ask("packages.invalid:443");
  expect(status).toBe(200);
  socket.write("ping");
  expect(String((await once(socket, "data"))[0])).toBe("ping");
  expect(led).toMatchObject([{ method: "CONNECT", target: "packages.invalid:443" }]);
  expect(read().tunnelled).toMatchObject([{ host: "packages.invalid", port: 443, count: 1 }]);
});

test.each([
  ["an open network reaches only hosts that it can check", "open", "packages.invalid:443"],
  ["the company's proxy is not asked for", { allow: ["exempt.invalid"] }, "exempt.invalid:443"],
] as const)("%s", async (_title, network, target) => {
  const { ask, led } = await beforeCompany(network);
  expect((await ask(target)).status).toBe(502);
  expect(led).toEqual([]);
});

test("the company's proxy never leads to this machine or its network", async () => {
  const { ask, led } = await beforeCompany("open");
  for (const target of ["127.0.0.1:443", "10.0.0.1:443", "169.254.169.254:443"]) {
    expect((await ask(target)).status).toBe(403);
  }
  expect(led).toEqual([]);
});
