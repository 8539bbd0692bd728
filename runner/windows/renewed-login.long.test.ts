import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import path from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { findExecutable } from "../drivers/probe-executable.ts";
import { driverNamed } from "../drivers/registry.ts";
import { runAgentProcess } from "../drivers/run-agent-process.ts";
import { processEnvironment } from "../environment.ts";
import { listenOnLoopback } from "../proxy/listen-on-loopback.ts";
import { openAuthority } from "../proxy/mitm/authority.ts";
import { startFakeUpstream } from "../proxy/test-support/fake-upstream.ts";
import { temporaryFolder } from "../test-support/temporary-folder.ts";
import { lendLogin } from "./lend-login.ts";

const environment = processEnvironment();
const { variables, clock, isRoot } = environment;
const LIMIT_MS = 240_000;
const executable = await findExecutable("claude", variables["PATH"]);
/** In continuous integration a missing client fails the test. */
const isSkipped = executable === undefined && variables["CI"] !== "true";
const title = isSkipped ? ", which needs claude" : "";

const HOST = "platform.claude.com";
const RENEWED = {
  token_type: "Bearer",
  access_token: "renewed-access-token",
  refresh_token: "renewed-refresh-token",
  expires_in: 28_800,
  scope: "user:inference user:profile user:more",
};

test.skipIf(isSkipped)(
  `a log-in that the real Claude Code renews is written back${title}`,
  async () => {
    const folder = temporaryFolder();
    const [home, config] = [path.join(folder, "home"), path.join(folder, "config")];
    for (const name of [path.join(home, "tmp"), config]) mkdirSync(name, { recursive: true });
    const file = path.join(config, ".credentials.json");
    const tokens = { accessToken: "first-access-token", refreshToken: "first-refresh-token" };
    const login = { ...tokens, expiresAt: 1, scopes: ["user:inference"], subscriptionType: "pro" };
    writeFileSync(file, JSON.stringify({ claudeAiOauth: login }));

    const { asked, proxyUrl, authority } = await scriptedVendor();
    const upstream = await startFakeUpstream((response) => {
      response.writeHead(404).end("{}");
    });
    onTestFinished(() => upstream.stop());
    const driver = driverNamed("claude-code");
    const lending = { ...environment, variables: { ...variables, ...onlyIn(config) } };
    const provider = { credential: { mode: "inherit" } } as const;
    const lent = await lendLogin({ provider, driver }, home, lending);
    expect(lent.hosts).toEqual([HOST]);
    const line = driver.commandLine(
      { home, prompt: "Hi", model: "m", proxyUrl: upstream.origin, proxyKey: "", auth: "inherit" },
      { executable: executable ?? "", isRoot, variables, login: lent.variables ?? {} },
    );
    const trusted = { HTTPS_PROXY: proxyUrl, NODE_EXTRA_CA_CERTS: authority.certificateFile };
    await runAgentProcess({
      commandLine: { ...line, env: { ...line.env, ...trusted, NO_PROXY: "127.0.0.1" } },
      cwd: home,
      marker: "cb-renewed-login",
      wallLimitMs: LIMIT_MS,
      idleLimitMs: LIMIT_MS,
      outputBytesMax: 10_000_000,
      capture: path.join(folder, "capture.jsonl"),
      clock,
      signal: new AbortController().signal,
    });
    lent.end();

    expect(asked).toContain(`${HOST}/v1/oauth/token`);
    const [first] = upstream.requests;
    expect(first?.headers["authorization"]).toBe("Bearer renewed-access-token");
    const { claudeAiOauth: after } = JSON.parse(readFileSync(file, "utf8"));
    expect(after).toEqual({
      ...login,
      accessToken: "renewed-access-token",
      refreshToken: "renewed-refresh-token",
      expiresAt: expect.any(Number),
    });
    expect(after.expiresAt).toBeGreaterThan(clock.nowMs());
    expect(lent.secrets()).toContain("renewed-refresh-token");
  },
);

/** The log-in of a folder, and none in the environment. */
function onlyIn(folder: string) {
  return {
    CLAUDE_CONFIG_DIR: folder,
    ANTHROPIC_API_KEY: undefined,
    ANTHROPIC_AUTH_TOKEN: undefined,
    CLAUDE_CODE_OAUTH_TOKEN: undefined,
  };
}

/** A proxy that leads every host to one server, which renews tokens for one. It connects to nobody else. */
async function scriptedVendor() {
  const authority = await openAuthority(temporaryFolder(), clock);
  const context = await authority.contextFor(HOST);
  const asked: string[] = [];
  const vendor = createSecureServer(
    { SNICallback: (host, done) => done(null, host === HOST ? context : undefined) },
    (request, response) => {
      asked.push(`${request.headers.host ?? ""}${request.url ?? ""}`);
      const isToken = request.url === "/v1/oauth/token";
      response.writeHead(isToken ? 200 : 404, { "content-type": "application/json" });
      response.end(JSON.stringify(isToken ? RENEWED : {}));
    },
  );
  await new Promise<void>((resolve) => {
    vendor.listen(0, "127.0.0.1", resolve);
  });
  const proxy = createServer().on("connect", (_, client) => {
    const { port }: Pick<AddressInfo, "port"> = Object.assign({ port: 0 }, vendor.address());
    const server = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      client.pipe(server).pipe(client);
    });
    for (const side of [client, server]) side.on("error", () => client.destroy());
  });
  const proxyUrl = await listenOnLoopback(proxy);
  onTestFinished(() => {
    vendor.closeAllConnections();
    vendor.close();
    proxy.close();
  });
  return { authority, asked, proxyUrl };
}
