import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { driverNamed } from "../../agents/drivers/registry.ts";
import { openAuthority } from "../../gateway/proxy/mitm/authority.ts";
import { proxyBefore } from "../../gateway/proxy/test-support/proxy-under-test.ts";
import {
  answerTokens,
  type Renew,
  startRenewer,
} from "../../gateway/proxy/test-support/scripted-renewer.ts";
import { processEnvironment } from "../../platform/environment/environment.ts";
import { findExecutable } from "../../platform/processes/find-executable.ts";
import { runAgentProcess } from "../../platform/processes/run-agent-process.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { lendLogin } from "./lend-login.ts";

const environment = processEnvironment();
const { variables, clock, isRoot } = environment;
const LIMIT_MS = 240_000;
const executable = await findExecutable("claude", variables["PATH"]);
/** In continuous integration a missing client fails the test. */
const isSkipped = executable === undefined && variables["CI"] !== "true";
const title = isSkipped ? ", which needs claude" : "";

const RENEWED = {
  access_token: "renewed-access-token",
  refresh_token: "renewed-refresh-token",
  scope: "user:inference user:profile user:more",
};
const LOGIN = {
  accessToken: "first-access-token",
  refreshToken: "first-refresh-token",
  expiresAt: 1,
  scopes: ["user:inference"],
  subscriptionType: "pro",
};

test.skipIf(isSkipped)(
  `a log-in that the real Claude Code renews gets into the user's file${title}`,
  async () => {
    const { vendor, upstream, lent, kept } = await workWithLogin((_, response) =>
      answerTokens(response, RENEWED),
    );
    expect(vendor.asked).toMatchObject([{ path: "/v1/oauth/token" }]);
    const [first] = upstream.requests;
    expect(first?.headers["authorization"]).toBe("Bearer renewed-access-token");
    expect(await lent.end()).toEqual([]);
    expect(kept()).toEqual({
      ...LOGIN,
      accessToken: "renewed-access-token",
      refreshToken: "renewed-refresh-token",
      expiresAt: expect.any(Number),
    });
    expect(kept().expiresAt).toBeGreaterThan(clock.nowMs());
    expect(lent.secrets()).toContain("renewed-refresh-token");
  },
);

test.skipIf(isSkipped)(
  `a renewal that is refused to the real Claude Code, which then empties its copy, changes nothing${title}`,
  async () => {
    const { lent, kept } = await workWithLogin((_, response) => {
      response.writeHead(400, { "content-type": "application/json" });
      response.end('{"error":"invalid_grant"}');
    });
    expect(await lent.end()).toMatchObject([{ kind: "login-refused" }]);
    expect(kept()).toEqual(LOGIN);
  },
);

/** Lets Claude Code work with a log-in that ends, behind a proxy whose vendor is scripted. */
async function workWithLogin(renew: Renew) {
  const folder = temporaryFolder();
  const [home, config] = [path.join(folder, "home"), path.join(folder, "config")];
  for (const name of [path.join(home, "tmp"), config]) mkdirSync(name, { recursive: true });
  const file = path.join(config, ".credentials.json");
  writeFileSync(file, JSON.stringify({ claudeAiOauth: LOGIN }));

  const vendor = await startRenewer(path.join(folder, "vendor"), renew);
  onTestFinished(() => vendor.stop());
  const driver = driverNamed("claude-code");
  const lending = { ...environment, variables: { ...variables, ...onlyIn(config) } };
  const provider = { credential: { mode: "inherit" } } as const;
  const lent = await lendLogin({ provider, driver }, home, lending);
  if (lent.renewals === undefined) throw new Error("The log-in can't be renewed.");

  const authority = await openAuthority(path.join(folder, "mitm"), clock);
  const { proxy, route, upstream } = await proxyBefore(
    (response) => void response.writeHead(404).end("{}"),
    { originOf: () => vendor.origin },
  );
  const renewals = { ...lent.renewals, authority };
  const opened = proxy.openAttempt(route({ renewals, isIntercepted: false }));
  const { certificateFile, bundleFile } = authority;
  const trusted = { proxyUrl: opened.proxyUrl, certificateFile, bundleFile };
  const place = { home, prompt: "Hi", model: "m", proxyUrl: opened.url, proxyKey: opened.key };
  const commandLine = driver.commandLine(
    { ...place, auth: "inherit", renewal: trusted },
    { executable: executable ?? "", isRoot, variables, login: lent.variables ?? {} },
  );
  await runAgentProcess({
    commandLine,
    cwd: home,
    marker: "cb-renewed-login",
    wallLimitMs: LIMIT_MS,
    idleLimitMs: LIMIT_MS,
    outputBytesMax: 10_000_000,
    capture: path.join(folder, "capture.jsonl"),
    clock,
    signal: new AbortController().signal,
  });
  const kept = () => JSON.parse(readFileSync(file, "utf8")).claudeAiOauth;
  return { vendor, upstream, lent, kept };
}

/** The log-in of a folder, and none in the environment. */
function onlyIn(folder: string) {
  return {
    CLAUDE_CONFIG_DIR: folder,
    ANTHROPIC_API_KEY: undefined,
    ANTHROPIC_AUTH_TOKEN: undefined,
    CLAUDE_CODE_OAUTH_TOKEN: undefined,
  };
}
