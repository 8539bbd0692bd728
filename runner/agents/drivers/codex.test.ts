import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { readCodexReport } from "./agent-reports.ts";
import { codex } from "./codex.ts";
import type { AgentAssignment, DriverContext } from "./driver.ts";

const ASSIGNMENT: AgentAssignment = {
  home: "/somewhere/W0-01-1/home",
  prompt: "- implement this",
  model: "gpt-5.5",
  proxyUrl: "http://127.0.0.1:9600/w/secret-key",
  proxyKey: "secret-key",
};

const CONTEXT: DriverContext = {
  executable: "/opt/bin/codex",
  isRoot: true,
  variables: { PATH: "/usr/bin", HOME: "/home/user", OPENAI_API_KEY: "the user's own" },
};

const INTERCEPTION = {
  proxyUrl: "http://secret-key@127.0.0.1:9600",
  certificateFile: "/somewhere/ca.pem",
  bundleFile: "/somewhere/bundle.pem",
};

test("it runs headless, with the prompt after the options", () => {
  const { file, args } = codex.commandLine(ASSIGNMENT, CONTEXT);
  expect([file, ...args.slice(0, 2), ...args.slice(-2)]).toEqual([
    "/opt/bin/codex",
    "exec",
    "--json",
    "--",
    "- implement this",
  ]);
});

test("its key is in a file of its home, not in its arguments, which others can read", () => {
  const { args, files } = codex.commandLine(ASSIGNMENT, CONTEXT);
  expect(files?.["config.toml"]).toContain('base_url = "http://127.0.0.1:9600/w/secret-key/v1"');
  expect(args.join(" ")).not.toContain("secret-key");
});

test("its home is the attempt's, and it gets nothing of the user's", () => {
  const { env } = codex.commandLine(ASSIGNMENT, CONTEXT);
  expect(env).toMatchObject({ HOME: ASSIGNMENT.home, CODEX_HOME: ASSIGNMENT.home });
  expect(env).toMatchObject({ PATH: "/usr/bin", CODEX_PROXY_KEY: "secret-key" });
  expect(JSON.stringify(env)).not.toContain("the user's own");
});

test("intercepted it keeps its vendor's address, and trusts the proxy's certificate", () => {
  const { files, env } = codex.commandLine({ ...ASSIGNMENT, interception: INTERCEPTION }, CONTEXT);
  expect(files?.["config.toml"]).not.toContain("model_provider");
  expect(env).toMatchObject({
    HTTPS_PROXY: INTERCEPTION.proxyUrl,
    CODEX_CA_CERTIFICATE: INTERCEPTION.bundleFile,
    CODEX_API_KEY: "secret-key",
  });
});

async function read(...lines: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), "codex-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "capture.jsonl");
  await writeFile(file, lines.join("\n"));
  return (await readCodexReport({ capture: file, home: folder })).value?.usage;
}

function turn(input: number, cached: number, output: number): string {
  const usage = { input_tokens: input, cached_input_tokens: cached, output_tokens: output };
  return JSON.stringify({ type: "turn.completed", usage });
}

test("a turn's usage is its thread's total, with the cached tokens inside its input", async () => {
  expect(await read('{"type":"turn.started"}', turn(100, 60, 5), turn(250, 200, 12))).toEqual({
    input_uncached: 50,
    cache_read: 200,
    output: 12,
    requests: 0,
  });
});

test("a run that failed reports nothing, and a cut line does not count", async () => {
  expect(
    await read('{"type":"turn.failed","error":{}}', turn(1, 0, 1).slice(0, 30)),
  ).toBeUndefined();
});
