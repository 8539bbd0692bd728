import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

import { expect, onTestFinished, test, vi } from "vitest";

import { processEnvironment } from "../../platform/environment/environment.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { CONNECTIONS_MAX } from "./attempt-sockets.ts";
import type { Respond } from "./test-support/fake-upstream.ts";
import { eventually, proxyBefore } from "./test-support/proxy-under-test.ts";
import { send } from "./test-support/send.ts";

const ANSWER = '{"type":"message","model":"answered","usage":{"input_tokens":2,"output_tokens":3}}';
const BODY = '{"model":"model-a"}';

const answering: Respond = (response) => {
  response.writeHead(200, { "content-type": "application/json" }).end(ANSWER);
};

/** Two sandboxed attempts, each with its own socket. */
async function twoSandboxed(respond: Respond = answering) {
  const { proxy, route, events, upstream } = await proxyBefore(respond);
  const open = async (window: string) => {
    const attempt = proxy.openAttempt(route({ window }));
    return { ...attempt, socketPath: await proxy.openSocket(attempt.key) };
  };
  return { proxy, route, events, upstream, own: await open("W0-01"), other: await open("W0-02") };
}

test("a request through the socket is metered as one of its attempt", async () => {
  const { own, events } = await twoSandboxed();
  const { socketPath } = own;
  const answer = await send(`${own.url}/v1/messages`, { body: BODY, socketPath });
  expect([answer.status, String(answer.body)]).toEqual([200, ANSWER]);
  expect(events).toMatchObject([{ window: "W0-01", prompt_tokens: 2 }]);
});

test("another attempt's key is refused there", async () => {
  const { own, other, events, upstream } = await twoSandboxed();
  const { socketPath } = own;
  const answer = await send(`${other.url}/v1/messages`, { body: BODY, socketPath });
  expect([answer.status, String(answer.body)]).toEqual([
    402,
    expect.stringContaining("This address is not open."),
  ]);
  expect([events, upstream.requests]).toEqual([[], []]);
});

const UNFINISHED = "host: a.example\r\ncontent-length: 10\r\n\r\n";

test("a flood of connections is cut, and a neighbour is served", async () => {
  const { own, other } = await twoSandboxed();
  const flood = Array.from({ length: CONNECTIONS_MAX + 50 }, () => {
    const socket = connect({ path: own.socketPath }).on("error", () => undefined);
    onTestFinished(() => void socket.destroy());
    // The proxy waits for the body, which never comes.
    socket.write(`POST ${new URL(own.url).pathname}/v1/messages HTTP/1.1\r\n${UNFINISHED}`);
    return socket.resume();
  });
  await eventually(() => flood.filter(({ destroyed }) => destroyed).length >= 50);
  const ask = async ({ url, socketPath }: typeof own) =>
    (await send(`${url}/v1/messages`, { body: BODY, socketPath })).status;
  expect(await ask(other)).toBe(200);
  for (const socket of flood) socket.destroy();
  await vi.waitFor(async () => expect(await ask(own)).toBe(200), { timeout: 60_000 });
  expect(flood.length).toBeGreaterThan(CONNECTIONS_MAX);
});

test("the port refuses the key of an attempt with a socket, and only that one", async () => {
  const { proxy, route, events } = await proxyBefore(answering);
  const [sandboxed, plain] = [proxy.openAttempt(route()), proxy.openAttempt(route({ attempt: 2 }))];
  await proxy.openSocket(sandboxed.key);
  const statuses = await Promise.all(
    [sandboxed, plain].map(
      async ({ url }) => (await send(`${url}/v1/messages`, { body: BODY })).status,
    ),
  );
  expect(statuses).toEqual([402, 200]);
  expect(events).toMatchObject([{ attempt: 2 }]);
});

test("a key without a socket is refused on every socket", async () => {
  const { own, proxy, route, events } = await twoSandboxed();
  const plain = proxy.openAttempt(route({ window: "W0-03" }));
  const { socketPath } = own;
  expect((await send(`${plain.url}/v1/messages`, { body: BODY, socketPath })).status).toBe(402);
  expect(events).toEqual([]);
});

function modeOf(file: string): number {
  return statSync(file).mode & 0o777;
}

test("the socket's path is short, and only its owner reaches it", async () => {
  const { own, other } = await twoSandboxed();
  expect(own.socketPath).not.toBe(other.socketPath);
  expect(Buffer.byteLength(own.socketPath)).toBeLessThan(100);
  expect(modeOf(own.socketPath)).toBe(0o600);
  expect(modeOf(path.dirname(own.socketPath))).toBe(0o700);
});

test("a temporary folder with a long path is not used", async () => {
  const long = mkdtempSync(path.join(tmpdir(), "l".repeat(80)));
  onTestFinished(() => rmSync(long, { recursive: true }));
  vi.stubEnv("TMPDIR", long);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { own } = await twoSandboxed();
  expect(path.dirname(path.dirname(own.socketPath))).toBe("/tmp");
});

/** Opens a socket in a process of its own, and returns the process with the folder of its socket. */
async function openElsewhere(root: string) {
  const module = path.join(import.meta.dirname, "attempt-sockets.ts");
  const script = `import { AttemptSockets } from ${JSON.stringify(module)};
    console.log(await new AttemptSockets(() => undefined).open("key"));`;
  const args = ["--input-type=module", "--eval", script];
  const env = { ...processEnvironment().variables, TMPDIR: root };
  const owner = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void owner.kill("SIGKILL"));
  const [line] = await once(createInterface(owner.stdout), "line");
  return { owner, folder: path.dirname(String(line)) };
}

test("folders whose owner was killed are removed, and no others", async () => {
  const root = temporaryFolder();
  const [dead, alive] = await Promise.all([openElsewhere(root), openElsewhere(root)]);
  dead.owner.kill("SIGKILL");
  await once(dead.owner, "exit");
  const others = path.join(root, "counterbalance-proxy-others");
  mkdirSync(others);
  vi.stubEnv("TMPDIR", root);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { own } = await twoSandboxed();
  const folders = [dead.folder, alive.folder, others, path.dirname(own.socketPath)];
  expect(folders.map((folder) => existsSync(folder))).toEqual([false, true, true, true]);
});

test("closing an attempt settles what is in flight, and removes its socket only", async () => {
  const { own, other, proxy, upstream, events } = await twoSandboxed((response) => {
    setTimeout(() => response.end(ANSWER), 60);
  });
  const { socketPath } = own;
  const answer = send(`${own.url}/v1/messages`, { body: BODY, socketPath });
  await eventually(() => upstream.requests.length === 1);
  await proxy.closeAttempt(own.key);
  expect(events).toMatchObject([{ window: "W0-01", status: 200 }]);
  expect(await answer).toMatchObject({ isWhole: true });
  expect([own, other].map((one) => existsSync(one.socketPath))).toEqual([false, true]);
});

test("stopping the proxy ends connections through sockets and removes their folder", async () => {
  const { own, proxy, upstream } = await twoSandboxed(() => undefined);
  const { socketPath } = own;
  const answer = send(`${own.url}/v1/messages`, { body: BODY, socketPath });
  await eventually(() => upstream.requests.length === 1);
  await proxy.stop();
  expect((await answer).status).toBe(402);
  expect(existsSync(path.dirname(socketPath))).toBe(false);
});
