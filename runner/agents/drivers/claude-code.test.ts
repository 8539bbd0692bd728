import { chmod, mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { processEnvironment } from "../../platform/environment/environment.ts";
import { claudeCode } from "./claude-code.ts";
import type { AgentAssignment, DriverContext } from "./driver.ts";
import { probeExecutable } from "./probe-executable.ts";
import { driverNamed, DriverUnknownError } from "./registry.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "claude-code-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const ASSIGNMENT: AgentAssignment = {
  home: "/somewhere/W0-01-1/home",
  prompt: "- implement this",
  model: "claude-sonnet-4-5",
  proxyUrl: "http://127.0.0.1:9600/w/secret-key",
  proxyKey: "secret-key",
};

const CONTEXT: DriverContext = {
  executable: "/opt/bin/claude",
  isRoot: false,
  variables: {
    PATH: "/usr/bin",
    TZ: "Europe/Zurich",
    HOME: "/home/user",
    ANTHROPIC_API_KEY: "the user's own",
    CLAUDE_CODE_OAUTH_TOKEN: "the user's own",
    AWS_SECRET_ACCESS_KEY: "another secret",
  },
};

describe("claudeCode's command line", () => {
  it("runs headless, with the prompt after the options", () => {
    const { file, args } = claudeCode.commandLine(ASSIGNMENT, CONTEXT);
    expect([file, ...args]).toEqual([
      "/opt/bin/claude",
      "-p",
      "--output-format",
      "stream-json",
      "--verbose",
      "--permission-mode",
      "bypassPermissions",
      "--settings",
      '{"autoContinueAtUsageLimit":false}',
      "--model",
      "claude-sonnet-4-5",
      "--",
      "- implement this",
    ]);
  });

  it("gives the agent the proxy's key, a home of its own and none of the user's secrets", () => {
    const { env } = claudeCode.commandLine(ASSIGNMENT, CONTEXT);
    expect(env).toEqual({
      PATH: "/usr/bin",
      LANG: "C.UTF-8",
      TZ: "Europe/Zurich",
      TERM: "dumb",
      HOME: "/somewhere/W0-01-1/home",
      TMPDIR: "/somewhere/W0-01-1/home/tmp",
      CLAUDE_CONFIG_DIR: "/somewhere/W0-01-1/home/.claude",
      ANTHROPIC_BASE_URL: "http://127.0.0.1:9600/w/secret-key",
      ANTHROPIC_API_KEY: "secret-key",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      DISABLE_AUTOUPDATER: "1",
      DISABLE_TELEMETRY: "1",
      DISABLE_ERROR_REPORTING: "1",
      CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: "1",
      CLAUDE_CODE_GATEWAY_HINT_HEADERS: "1",
      CLAUDE_CODE_MAX_RETRIES: "3",
    });
  });

  it("says as root that the agent is in a sandbox, without which it refuses to start", () => {
    const { env } = claudeCode.commandLine(ASSIGNMENT, { ...CONTEXT, isRoot: true });
    expect(env["IS_SANDBOX"]).toBe("1");
  });

  it("gives with an inherited login that login and no key of the proxy's", () => {
    const { env } = claudeCode.commandLine(
      { ...ASSIGNMENT, auth: "inherit" },
      { ...CONTEXT, login: { CLAUDE_CODE_OAUTH_TOKEN: "login" } },
    );
    expect(env).toMatchObject({ CLAUDE_CODE_OAUTH_TOKEN: "login", HOME: ASSIGNMENT.home });
    expect(env).not.toHaveProperty("ANTHROPIC_API_KEY");
  });
});

const credentials = (oauth: object) =>
  writeFile(join(folder, ".claude", ".credentials.json"), JSON.stringify({ claudeAiOauth: oauth }));

describe("claudeCode's login", () => {
  const environment = processEnvironment();
  const find = (variables: Record<string, string>) =>
    claudeCode.findLogin?.({ ...environment, variables });
  const inAnHour = environment.clock.nowMs() + 3_600_000;

  beforeEach(() => mkdir(join(folder, ".claude")));

  it("is what the environment holds", async () => {
    const variables = { ANTHROPIC_API_KEY: "key", CLAUDE_CODE_OAUTH_TOKEN: "token" };
    const given = { ...variables, ANTHROPIC_AUTH_TOKEN: "", HOME: folder, OTHER: "other" };
    expect(await find(given)).toEqual({ found: true, variables });
  });

  it("is else the access token, without the renewal token, of the configuration folder", async () => {
    await credentials({ accessToken: "access", refreshToken: "refresh", expiresAt: inAnHour });
    const found = { found: true, variables: { CLAUDE_CODE_OAUTH_TOKEN: "access" } };
    expect(await find({ HOME: folder })).toEqual(found);
    const configured = { HOME: "/nowhere", CLAUDE_CONFIG_DIR: join(folder, ".claude") };
    expect(await find(configured)).toEqual(found);
  });

  it("is the whole file if the access token ends soon and can be renewed", async () => {
    const soon = environment.clock.nowMs() + 60_000;
    await credentials({ accessToken: "access", refreshToken: "refresh", expiresAt: soon });
    const source = join(folder, ".claude", ".credentials.json");
    expect(await find({ HOME: folder })).toMatchObject({
      found: true,
      variables: {},
      file: {
        source,
        name: ".claude/.credentials.json",
        renewal: { hosts: ["platform.claude.com"], path: "/v1/oauth/token" },
      },
    });
  });

  it("is not an expired one that can't be renewed", async () => {
    await credentials({ accessToken: "access", expiresAt: 1000 });
    expect(await find({ HOME: folder })).toMatchObject({
      found: false,
      lacks: expect.stringContaining("expired"),
      mend: expect.stringContaining("claude setup-token"),
    });
  });

  it("is lacking where there is none, or its file is broken", async () => {
    const lacking = { found: false, lacks: expect.stringContaining(".credentials.json") };
    expect(await find({ HOME: folder })).toMatchObject(lacking);
    await credentials({ accessToken: "" });
    expect(await find({ HOME: folder })).toMatchObject(lacking);
    await writeFile(join(folder, ".claude", ".credentials.json"), "{");
    expect(await find({ HOME: folder })).toMatchObject(lacking);
  });
});

async function install(script: string): Promise<void> {
  await writeFile(join(folder, "claude"), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, "claude"), 0o755);
}

const withPath = () => ({
  ...processEnvironment(),
  variables: { PATH: `relative:/nowhere:${folder}:/usr/bin:/bin` },
});

const probe = () => claudeCode.probe(withPath());

describe("claudeCode's probe", () => {
  it("finds the command on the PATH and its version", async () => {
    await install('echo "2.1.329 (Claude Code)"');
    const executable = join(folder, "claude");
    expect(await probe()).toEqual({ ready: true, version: "2.1.329", executable });
  });

  it("says where the command is not there, and how to install it", async () => {
    expect(await probe()).toEqual({
      ready: false,
      lacks: 'the command "claude", which is in no folder of PATH',
      install: "npm install --global @anthropic-ai/claude-code@2.1.329",
    });
  });

  it("passes over a file that is not executable", async () => {
    await install("echo 1.2.3");
    await chmod(join(folder, "claude"), 0o644);
    expect(await probe()).toMatchObject({ ready: false, lacks: expect.stringContaining("PATH") });
  });

  it.each([
    ["echo broken >&2; exit 3", "ended with 3: broken"],
    ["kill -9 $$", "was ended by SIGKILL"],
    ["echo hello", 'printed no version but "hello"'],
    ["yes hello", "printed far more than a version"],
  ])("says how a command failed that does: %s", async (script, lacks) => {
    await install(script);
    expect(await probe()).toMatchObject({
      ready: false,
      lacks: `a working "claude": ${join(folder, "claude")} --version ${lacks}`,
    });
  });

  it("waits for a command that somebody is still writing", async () => {
    await install('echo "2.1.329 (Claude Code)"');
    const writer = await open(join(folder, "claude"), "r+");
    const probing = probe();
    await setTimeout(150);
    await writer.close();
    expect(await probing).toMatchObject({ ready: true });
  });

  it("waits no longer than its time limit", async () => {
    await install("exec sleep 60");
    const wanted = { command: "claude", install: "…", timeLimitMs: 200 };
    expect(await probeExecutable(withPath(), wanted)).toMatchObject({
      ready: false,
      lacks: expect.stringContaining("no answer within 0.2 s"),
    });
  });
});

describe("driverNamed", () => {
  it.each(["claude-code", "builtin-agent"])("knows %s", (name) => {
    expect(driverNamed(name).name).toBe(name);
  });

  it("lists what it knows where a name is unknown", () => {
    expect(() => driverNamed("claude")).toThrow(DriverUnknownError);
    expect(() => driverNamed("claude")).toThrow(
      'Unknown driver "claude". Known: builtin-agent, claude-code, codex, opencode, gemini, qwen, pi, command.',
    );
  });
});
