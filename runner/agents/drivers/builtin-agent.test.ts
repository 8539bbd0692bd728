import { execFileSync } from "node:child_process";

import { expect, test } from "vitest";

import { processEnvironment } from "../../platform/environment/environment.ts";
import { builtinAgent } from "./builtin-agent.ts";

const ASSIGNMENT = {
  workspace: "/w",
  home: "/h",
  prompt: "Do it.",
  model: "m",
  proxyUrl: "http://127.0.0.1:1/w/key",
  proxyKey: "key",
};

test("the agent is always there, with the product's version", async () => {
  const probe = await builtinAgent.probe(processEnvironment());
  expect(probe).toMatchObject({ ready: true, executable: process.execPath });
});

test("it gets the proxy's address and key and nothing secret of the harness", () => {
  const variables = { PATH: "/bin", HOME: "/root", ANTHROPIC_API_KEY: "real", NPM_TOKEN: "secret" };
  const context = { executable: "/node", isRoot: false, variables };
  const { file, args, env } = builtinAgent.commandLine(ASSIGNMENT, context);
  expect(file).toBe("/node");
  expect(args.slice(1)).toEqual(["--model", "m", "--prompt-file", "/h/prompt.md"]);
  expect(env).toEqual({
    PATH: "/bin",
    LANG: "C.UTF-8",
    HOME: "/h",
    TMPDIR: "/h/tmp",
    ANTHROPIC_BASE_URL: "http://127.0.0.1:1/w/key",
    ANTHROPIC_API_KEY: "key",
  });
});

test("the command line starts the agent that is next to the driver", () => {
  const context = { executable: process.execPath, isRoot: false, variables: {} };
  const { file, args } = builtinAgent.commandLine(ASSIGNMENT, context);
  const help = execFileSync(file, [args[0] ?? "", "--help"], {
    encoding: "utf8",
    timeout: 240_000,
  });
  expect(help).toContain("usage: agent");
});
