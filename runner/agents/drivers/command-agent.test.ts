import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect, test } from "vitest";

import { processEnvironment } from "../../platform/environment/environment.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { commandAgent } from "./command-agent.ts";
import { type CommandAgent, CommandAgentFile } from "./command-file.ts";
import { readOwnReport } from "./read-own-report.ts";

const ASSIGNMENT = {
  home: "/home/agent",
  prompt: "Do it.",
  model: "m-1",
  proxyUrl: "http://127.0.0.1:9/w/k",
  proxyKey: "k",
};
const CONTEXT = { executable: "/usr/bin/python3", isRoot: false, variables: { PATH: "/usr/bin" } };

function agent(words: readonly string[], settings: object = {}, folder = "/project"): CommandAgent {
  return { ...CommandAgentFile.parse(settings), words, folder };
}

test("names in braces stand for values, and two braces for one", () => {
  const words = [
    "python3",
    "{folder}/agent.py",
    "{model}",
    "{prompt}",
    "{prompt_file}",
    '{{"a":1}',
  ];
  const { args } = commandAgent(agent(words)).commandLine(ASSIGNMENT, CONTEXT);
  const prompt = ["Do it.", "/home/agent/prompt.md"];
  expect(args).toEqual(["/project/agent.py", "m-1", ...prompt, '{"a":1}']);
});

test("a prompt with a name in braces is not filled in again", () => {
  const driver = commandAgent(agent(["x", "{prompt}"]));
  const { args } = driver.commandLine({ ...ASSIGNMENT, prompt: "Use {key}." }, CONTEXT);
  expect(args).toEqual(["Use {key}."]);
});

test.each([
  {
    dialect: "anthropic",
    vendor: "anthropic",
    env: { ANTHROPIC_BASE_URL: ASSIGNMENT.proxyUrl, ANTHROPIC_API_KEY: "k" },
  },
  {
    dialect: "openai",
    vendor: "openai",
    env: { OPENAI_BASE_URL: `${ASSIGNMENT.proxyUrl}/v1`, OPENAI_API_KEY: "k" },
  },
  {
    dialect: "gemini",
    vendor: "google",
    env: { GOOGLE_GEMINI_BASE_URL: ASSIGNMENT.proxyUrl, GEMINI_API_KEY: "k" },
  },
])("the dialect $dialect gives its vendor and the usual variables", ({ dialect, vendor, env }) => {
  const driver = commandAgent(agent(["x"], { dialects: [dialect], env: { MINE: "{home}/x" } }));
  expect(driver.vendor).toBe(vendor);
  const line = driver.commandLine(ASSIGNMENT, CONTEXT);
  expect(line.env).toMatchObject({ ...env, MINE: "/home/agent/x", HOME: "/home/agent" });
});

test("its own files and what it reads besides are in the sandbox", () => {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, "agent.sh"), "#!/bin/sh\n", { mode: 0o755 });
  const driver = commandAgent(agent(["sh", "{folder}/agent.sh"], { readable: ["lib"] }, folder));
  const { readable } = driver.installation("/bin/sh");
  expect(readable).toEqual(
    expect.arrayContaining(["agent.sh", "lib"].map((name) => path.join(folder, name))),
  );
});

test("without a version command, a changed program is another version", async () => {
  const folder = temporaryFolder();
  const file = path.join(folder, "agent.sh");
  const driver = commandAgent(agent(["./agent.sh"], {}, folder));
  writeFileSync(file, "#!/bin/sh\n", { mode: 0o755 });
  const first = await driver.probe(processEnvironment());
  writeFileSync(file, "#!/bin/sh\nexit 0\n");
  const second = await driver.probe(processEnvironment());
  expect(first).toMatchObject({
    ready: true,
    version: expect.stringMatching(/^sha256:[0-9a-f]{12}$/u),
  });
  expect(second).toMatchObject({ ready: true });
  expect(second).not.toEqual(first);
});

test("the version command's first word with a digit is the version", async () => {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, "agent.sh"), "#!/bin/sh\necho agent v2\n", { mode: 0o755 });
  const driver = commandAgent(agent(["./agent.sh"], { version: ["./agent.sh", "-V"] }, folder));
  expect(await driver.probe(processEnvironment())).toMatchObject({ ready: true, version: "v2" });
});

const PATHS = {
  input: "u.in",
  output: "u.out",
  cache_read: "u.read",
  reasoning: "u.think",
  cost_usd: "usd",
};
const REPORT = JSON.stringify({ u: { in: 100, out: 20, read: 60, think: 5 }, usd: 0.5 });

test("the last line with the fields is the report, and tokens of the cache are counted once", async () => {
  const home = temporaryFolder();
  const capture = path.join(home, "capture.jsonl");
  writeFileSync(capture, `{"u":{"in":1,"out":1}}\nnoise\n${REPORT}\n{"u":{}}\n`);
  const { usage } = CommandAgentFile.parse({
    usage: { ...PATHS, input_includes_cache: true, output_includes_reasoning: false },
  });
  const read = usage && (await readOwnReport({ usage, capture, home }));
  expect(read?.value).toEqual({
    usage: { input_uncached: 40, cache_read: 60, output: 25, reasoning: 5, requests: 0 },
    costUsd: 0.5,
  });
});

test("a report in a file is read below the home, and a link in its place is not", async () => {
  const home = temporaryFolder();
  const place = { home, capture: path.join(home, "none") };
  const { usage } = CommandAgentFile.parse({ usage: { ...PATHS, file: "out/usage.json" } });
  if (usage === undefined) throw new Error("There is no usage.");
  expect(await readOwnReport({ usage, ...place })).toEqual({ value: {}, leftOut: [] });
  mkdirSync(path.join(home, "out"));
  writeFileSync(path.join(home, "elsewhere.json"), REPORT);
  symlinkSync(path.join(home, "elsewhere.json"), path.join(home, "out/usage.json"));
  const link = { reason: "special", count: 1, first: ["out/usage.json"] };
  expect(await readOwnReport({ usage, ...place })).toEqual({ value: {}, leftOut: [link] });
  const { usage: other } = CommandAgentFile.parse({ usage: { ...PATHS, file: "elsewhere.json" } });
  const read = other && (await readOwnReport({ usage: other, ...place }));
  expect(read?.value).toMatchObject({ usage: { input_uncached: 100, output: 20 } });
});

test.each(["/etc/passwd", "../report.json", "a/../../b"])("the file %s is refused", (file) => {
  expect(CommandAgentFile.safeParse({ usage: { ...PATHS, file } }).success).toBe(false);
});
