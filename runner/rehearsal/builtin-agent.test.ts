import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { afterEach, expect, test } from "vitest";
import { z } from "zod";

import { sumUsage, Usage } from "../../ledger/domain/usage.ts";
import { temporaryFolder } from "../platform/test-support/temporary-folder.ts";
import { ModelProfile } from "./profile.ts";
import { type ScriptedModel, startScriptedModel } from "./scripted-model.ts";

const ENTRY = join(import.meta.dirname, "../agents/builtin/main.ts");
const PROMPT = "Please do.\n\nFeature: Slugs\n  Example: one\n";
const FILES = { "src/slug.mjs": "export const slug = (s) => s;\n", "src/more.mjs": "// 😀\n" };
const SCRIPT = {
  featureId: "slugify",
  title: "Slugs",
  scenarios: ["one"],
  variants: [{ name: "reference", fails: [], files: FILES }],
};
const CLOCK = { nowMs: () => 0, monotonicMs: () => 0 };
const Event = z.looseObject({ type: z.string(), usage: Usage.optional() });

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function startModel(profile: Partial<ModelProfile> = {}): Promise<ScriptedModel> {
  const profiles = { scripted: ModelProfile.parse(profile) };
  const model = await startScriptedModel({ seed: "42", profiles, scripts: [SCRIPT], clock: CLOCK });
  cleanups.push(() => model.stop());
  return model;
}

/** A server that answers each request with the next of the given bodies, the last one for ever. */
async function startServer(status: number, bodies: readonly unknown[]) {
  const seen: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    seen.push(await text(request));
    const body = bodies[Math.min(seen.length, bodies.length) - 1];
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => server.close());
  return { url: urlOf(server), seen };
}

function urlOf(server: Server): string {
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return `http://127.0.0.1:${port}`;
}

interface AgentStart {
  readonly url: string;
  readonly model?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

function startAgent({ url, model = "scripted", args = [], env = {} }: AgentStart) {
  const workspace = temporaryFolder();
  const promptFile = join(temporaryFolder(), "prompt.md");
  writeFileSync(promptFile, PROMPT);
  mkdirSync(join(workspace, "src"));
  const child = spawn(
    process.execPath,
    [ENTRY, "--model", model, "--prompt-file", promptFile, ...args],
    {
      cwd: workspace,
      env: { PATH: "/usr/bin:/bin", ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: "secret", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  cleanups.push(() => child.kill("SIGKILL"));
  return { child, workspace, ended: outcomeOf(child) };
}

async function outcomeOf(child: ChildProcess) {
  const [stdout, stderr, [code]] = await Promise.all([
    child.stdout ? text(child.stdout) : "",
    child.stderr ? text(child.stderr) : "",
    once(child, "exit"),
  ]);
  const lines = stdout.split("\n").filter((line) => line !== "");
  const events = lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  return { code, stdout, stderr, events: events.map((event) => Event.parse(event)) };
}

test("the agent writes the files, checks them, and ends with the usage it was dealt", async () => {
  const model = await startModel({ extra_turns: 2, thinks: true });
  const { ended, workspace } = startAgent({ url: model.url });
  const { code, events, stderr } = await ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  for (const [path, content] of Object.entries(FILES)) {
    expect(readFileSync(join(workspace, path), "utf8")).toBe(content);
  }
  const dealt = model.dealt();
  expect(events.at(-1)).toMatchObject({ type: "result", outcome: "done", turns: dealt.length });
  expect(events.at(-1)?.usage).toEqual(sumUsage(dealt.map(({ usage }) => usage)));
  expect(dealt.at(-1)?.usage.cache_read).toBeGreaterThan(0);
});

test("a faulty model is asked again until the task is done", async () => {
  const model = await startModel({ fault_rate: 0.35 });
  const { code, events } = await startAgent({ url: model.url }).ended;
  const faults = model.dealt().filter(({ status }) => status !== 200);
  expect(code).toBe(0);
  expect(faults.length).toBeGreaterThan(0);
  expect(events.filter(({ type }) => type === "retry")).toHaveLength(faults.length);
  expect(events.at(-1)?.usage).toEqual(sumUsage(model.dealt().map(({ usage }) => usage)));
});

test.each([400, 401, 402, 403, 404])(
  "a refusal with %d ends the run at once, with the server's sentence",
  async (status) => {
    const error = { type: "error", error: { type: "x", message: "Spending cap reached." } };
    const { url, seen } = await startServer(status, [error]);
    const { code, events, stderr } = await startAgent({ url }).ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: `${status} Spending cap reached.\n` });
    expect(seen).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ type: "result", outcome: "failed", turns: 0 });
  },
);

test("a server that answers in one piece is understood, and the mark for the cache is sent", async () => {
  const call = {
    type: "tool_use",
    id: "t1",
    name: "write_file",
    input: { path: "x", content: "1" },
  };
  const usage = { input_tokens: 3, output_tokens: 4 };
  const { url, seen } = await startServer(200, [
    { content: [call], stop_reason: "tool_use", usage },
    { content: [{ type: "text", text: "Done." }], stop_reason: "end_turn", usage },
  ]);
  const { ended, workspace } = startAgent({ url });
  expect(await ended).toMatchObject({ code: 0 });
  expect(readFileSync(join(workspace, "x"), "utf8")).toBe("1");
  const { events } = await ended;
  expect(events.at(-1)?.usage).toEqual({ input_uncached: 6, output: 8, requests: 2 });
  expect(JSON.parse(seen[1] ?? "")).toMatchObject({
    messages: [
      { role: "user" },
      { role: "assistant", content: [call] },
      {
        role: "user",
        content: [{ tool_use_id: "t1", is_error: false, cache_control: { type: "ephemeral" } }],
      },
    ],
  });
});

test("a run that needs more turns than it may take ends with exit code 3", async () => {
  const model = await startModel();
  const { code, events } = await startAgent({ url: model.url, args: ["--max-turns", "2"] }).ended;
  expect(code).toBe(3);
  expect(model.dealt()).toHaveLength(2);
  expect(events.at(-1)).toMatchObject({ type: "result", outcome: "turns_used_up", turns: 2 });
});

test("an answer cut off by --max-tokens is continued, within the turns allowed", async () => {
  const model = await startModel();
  const args = ["--max-turns", "3", "--max-tokens", "5"];
  const { code, events } = await startAgent({ url: model.url, args }).ended;
  expect(code).toBe(3);
  expect(events[0]).toMatchObject({ stop_reason: "max_tokens", usage: { output: 5 } });
});

test("the agent's commands see its environment but not its credentials", async () => {
  const input = { command: "env > seen.txt" };
  const { url } = await startServer(200, [
    { content: [{ type: "tool_use", id: "t1", name: "run_command", input }] },
    { content: [] },
  ]);
  const env = { WINDOW_MARK: "w-1", ANTHROPIC_AUTH_TOKEN: "token" };
  const { ended, workspace } = startAgent({ url, env });
  expect((await ended).code).toBe(0);
  const seen = readFileSync(join(workspace, "seen.txt"), "utf8");
  expect(seen).toContain("WINDOW_MARK=w-1");
  expect(seen).not.toMatch(/ANTHROPIC_API_KEY|ANTHROPIC_AUTH_TOKEN|secret/);
});

test.each([
  { signal: "SIGINT" as const, code: 130 },
  { signal: "SIGTERM" as const, code: 143 },
])("$signal ends the command under way and exits $code", async ({ signal, code }) => {
  const input = { command: "sleep 900 & echo $! > pid; wait" };
  const { url } = await startServer(200, [
    { content: [{ type: "tool_use", id: "t1", name: "run_command", input }] },
  ]);
  const { child, ended, workspace } = startAgent({ url });
  const readPid = (): number => Number(readFileSync(join(workspace, "pid"), "utf8"));
  await expect.poll(readPid).toBeGreaterThan(0);
  child.kill(signal);
  const { code: exitCode, events } = await ended;
  expect(exitCode).toBe(code);
  expect(events.at(-1)).toMatchObject({ type: "result", outcome: "interrupted", turns: 1 });
  await expect.poll(() => isAlive(readPid())).toBe(false);
});

test("SIGINT while the model is silent ends the run", async () => {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => server.close());
  const asked = once(server, "request");
  const { child, ended } = startAgent({ url: urlOf(server) });
  const [request] = await asked;
  const hungUp = once(request.socket, "close");
  child.kill("SIGINT");
  expect((await ended).code).toBe(130);
  await hungUp;
});

test.each([
  { fault: "an option that does not exist", args: ["--colour"], says: "--colour" },
  { fault: "no whole number of turns", args: ["--max-turns", "0"], says: "--max-turns" },
  { fault: "tokens in words", args: ["--max-tokens", "10k"], says: 'got "10k"' },
  { fault: "a prompt that is not there", args: ["--prompt-file", "/nowhere"], says: "/nowhere" },
])("$fault is bad usage, exit code 2", async ({ args, says }) => {
  const { code, stderr, stdout } = await startAgent({ url: "http://127.0.0.1:9", args }).ended;
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(says);
});

test.each([
  { fault: "no address", env: { ANTHROPIC_BASE_URL: "" }, says: "ANTHROPIC_BASE_URL" },
  { fault: "no web address", env: { ANTHROPIC_BASE_URL: "file:///etc" }, says: "file:///etc" },
  { fault: "no credential", env: { ANTHROPIC_API_KEY: "" }, says: "ANTHROPIC_AUTH_TOKEN" },
])("an environment with $fault is bad usage, exit code 2", async ({ env, says }) => {
  const { code, stderr } = await startAgent({ url: "http://127.0.0.1:9", env }).ended;
  expect(code).toBe(2);
  expect(stderr).toContain(says);
});

test("--help shows the usage", async () => {
  const { code, stdout } = await startAgent({ url: "", args: ["--help"] }).ended;
  expect(code).toBe(0);
  expect(stdout).toContain("--prompt-file FILE");
});

function isAlive(pid: number): boolean {
  try {
    if (process.platform !== "linux") return process.kill(pid, 0);
    // A killed child stays a zombie until its new parent has looked; that counts as ended.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
