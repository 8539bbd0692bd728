import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect, test } from "vitest";

import { processEnvironment } from "../../platform/environment/environment.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { loadConfiguration } from "../config/load-configuration.ts";
import { checkProviders } from "./check-providers.ts";

const PROVIDER = "{ driver: claude-code, model: m, upstream: local, auth: inherit }";
const FILE = `
tasks: { bank: builtin, include: [lru-cache] }
upstreams: { local: { base_url: "http://127.0.0.1:9", auth: inherit } }
providers: { one: ${PROVIDER}, other: ${PROVIDER} }
`;

/** Checks providers whose upstream needs no proxy, and whose log-in ends after so many milliseconds. */
async function check(leftMs: number) {
  const cwd = temporaryFolder();
  const { PATH } = processEnvironment().variables;
  const variables = { PATH, HOME: cwd, HTTPS_PROXY: "socks5://me:pw@proxy.example:1" };
  const environment = { ...processEnvironment(), cwd, variables };
  const expiresAt = environment.clock.nowMs() + leftMs;
  const login = { accessToken: "access", refreshToken: "refresh", expiresAt };
  mkdirSync(path.join(cwd, ".claude"));
  const credentials = JSON.stringify({ claudeAiOauth: login });
  writeFileSync(path.join(cwd, ".claude/.credentials.json"), credentials);
  writeFileSync(path.join(cwd, "experiment.yaml"), FILE);
  const done = checkProviders(loadConfiguration({}, environment), environment, []);
  return await done.then(
    () => "",
    (error: unknown) => String(error),
  );
}

const HOUR_MS = 3_600_000;

test("a proxy that only the renewal of a log-in needs is checked before anything is spent", async () => {
  const refused = "HTTPS_PROXY: expected the address of an HTTP proxy, got socks5://***@";
  expect(await check(1000)).toContain(refused);
  expect(await check(100 * HOUR_MS)).not.toContain("HTTPS_PROXY");
});
