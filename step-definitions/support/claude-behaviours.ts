import { spawn } from "node:child_process";
import { appendFile, copyFile, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

import { tryToEscape } from "../../runner/agents/sandbox/escape-attempts.ts";
import { chargeNeighbour } from "./charge-neighbour.ts";
import {
  linkAway,
  litter,
  makeClosed,
  makeFiles,
  makePipes,
  makeTooDeep,
  removeWorkspace,
} from "./hindrances.ts";
import {
  copyOfLogIn,
  deepenCopy,
  lentToken,
  linkToUser,
  makeHuge,
  putOwn,
  renewLent,
  renewOwn,
} from "./log-in-behaviours.ts";
import { PROVIDER_KEY } from "./provider-key.ts";

/** What a made-up `claude` does with a task, by the words of the specs. It runs in the workspace. */
export const CLAUDE_BEHAVIOURS: Readonly<Record<string, () => Promise<void>>> = {
  "asks the model and dies of a signal": async () => {
    await askModel();
    process.kill(process.pid, "SIGKILL");
    await sleep(PATIENCE_MS);
  },
  "prints and changes what setup made": async () => {
    await askModel();
    process.stdout.write(await readFile("build/ready", "utf8"));
    await appendFile("build/ready", "changed\n");
  },
  "asks the model and exits with 3": async () => {
    await askModel();
    process.exitCode = 3;
  },
  "asks the model and exits with 1": async () => {
    await askModel();
    process.exitCode = 1;
  },
  "asks the model and prints its keys in pieces": async () => {
    await askModel();
    await printInPieces(`own key: ${process.env["ANTHROPIC_API_KEY"] ?? ""}\n`);
    await printInPieces(`provider's key: ${PROVIDER_KEY}\n`);
  },
  "asks the model twice and exits with 0": async () => {
    await askModel();
    await askModel();
  },
  "solves the task if the model answers twice": async () => {
    await solveTask();
    if ((await askModel()) && (await askModel())) return;
    process.exitCode = 1;
  },
  "asks the model and floods its output": async () => {
    await askModel();
    const flood = "x".repeat(FLOOD_CHUNK_BYTES);
    for (let written = 0; written < FLOOD_CHUNKS; written += 1) {
      process.stdout.write(`${flood}\n`);
      await sleep(0);
    }
  },
  "asks the model and prints without end": async () => {
    await askModel();
    setInterval(() => process.stdout.write("still at it\n"), 100);
    await sleep(PATIENCE_MS);
  },
  "asks the model and falls silent": async () => {
    await askModel();
    await sleep(PATIENCE_MS);
  },
  "asks the model and says goodbye when interrupted": async () => {
    process.on("SIGINT", () => void sayGoodbye());
    await askModel();
    await sleep(PATIENCE_MS);
  },
  "asks the model and ignores every signal": async () => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
    await askModel();
    await sleep(PATIENCE_MS);
  },
  "asks the model and leaves a process behind": async () => {
    await askModel();
    spawn("nohup", ["sleep", "600"], { detached: true, stdio: "ignore" }).unref();
  },
  "tries every way out of its sandbox": async () => {
    await askModel();
    const targets = JSON.parse(await readFile(process.env["TARGETS"] ?? "", "utf8"));
    process.stdout.write(`${JSON.stringify(await tryToEscape(targets))}\n`);
  },
  "lets its neighbour pay": async () => {
    process.stdout.write(`${JSON.stringify(await chargeNeighbour())}\n`);
  },
  "never asks the model": async () => {},
  "asks an invented model and solves the task": async () => {
    await askModel("invented");
    await askModel();
    await solveTask();
  },
  "lacks a program and exits with 127": async () => {
    process.stderr.write("env: 'node': No such file or directory\n");
    process.exitCode = 127;
  },
  "solves the task and exits with 3": async () => {
    await askModel();
    await solveTask();
    process.exitCode = 3;
  },
  "reports the tokens that it took": async () => reportTokens(await askForUsage(), 1),
  "reports its input as cache reads": async () => {
    const { input_tokens: read, output_tokens } = await askForUsage();
    reportTokens({ input_tokens: 0, output_tokens }, 1, read);
  },
  "reports cache reads that no answer states": async () =>
    reportTokens(await askForUsage(), 1, 5000),
  "reports twice the tokens that it took": async () => reportTokens(await askForUsage(), 2),
  "sends the tokens that it took": async () => await sendTokens(await askForUsage(), 1),
  "sends the tokens that it took twice": async () => {
    const usage = await askForUsage();
    await sendTokens(usage, 1);
    await sendTokens(usage, 1);
  },
  "sends half of the tokens that it took": async () => await sendTokens(await askForUsage(), 0.5),
  "sends its tokens, and more cached tokens than input": async () => {
    await sendTokens(await askForUsage(), 1);
    await sendEvent({
      "event.name": "codex.sse_event",
      input_token_count: "100",
      cached_token_count: "900",
      output_token_count: "50",
    });
  },
  "sends a mess": async () => {
    await askModel();
    await sendTelemetry('{"resourceLogs":[{"scopeLogs":[{"logRecords":"claude_code"}]}]}');
    await sendTelemetry('{"resourceLogs":');
    await sendTelemetry("[".repeat(MESS_DEPTH) + "]".repeat(MESS_DEPTH));
  },
  "calls two agents and reports its main thread": async () => await workAsCodex(1),
  "calls two agents and reports more cached than input": async () => await workAsCodex(1, 900),
  "calls two agents and reports its main thread twofold": async () => await workAsCodex(2),
  "solves the task and litters": async () => {
    await askModel();
    await solveTask();
    litter();
  },
  "renews its log-in, prints it and keeps it in its work": async () => {
    const file = copyOfLogIn();
    process.env["ANTHROPIC_API_KEY"] = await renewLent();
    await copyFile(file, "src/log-in.json");
    process.stdout.write(await readFile(file, "utf8"));
    await askModel();
    await solveTask();
  },
  "puts its own log-in into its copy": async () => solveAnd(putOwn),
  "renews a log-in of its own at the vendor": async () => solveAnd(renewOwn),
  "puts a link to the user's folder in place of its own": async () => solveAnd(linkToUser),
  "solves the task and leaves a path that is too long": async () =>
    solveAnd(() => makeTooDeep(".")),
  "solves the task and leaves a file of 4 terabytes": async () => solveAnd(() => makeHuge("huge")),
  "solves the task and leaves a file of 4 terabytes for its log-in": async () =>
    solveAnd(() => makeHuge(copyOfLogIn())),
  "solves the task and leaves 60000 levels for its log-in": async () => solveAnd(deepenCopy),
  "solves the task and leaves 100001 files": async () => solveAnd(() => makeFiles("many", 100_001)),
  "solves the task and leaves a closed file": async () => solveAnd(() => makeClosed("closed")),
  "solves the task and leaves pipes": async () => solveAnd(() => makePipes([".", "src"])),
  "removes its workspace": async () => {
    await askModel();
    removeWorkspace();
  },
  "puts links in place of folders": async () => {
    await askModel();
    linkAway();
  },
  "solves the task if the model answers": async () => {
    if (await askModel()) await solveTask();
    else process.exitCode = 1;
  },
};

/** Longer than any limit of a spec, but finite. */
const PATIENCE_MS = 600_000;
const GOODBYE_MS = 500;
const FLOOD_CHUNK_BYTES = 1024 * 1024;
const FLOOD_CHUNKS = 200;

/** One small request, never tried again; whether it was answered. */
async function askModel(model?: string): Promise<boolean> {
  try {
    const answer = await sendRequest(model);
    await answer.text();
    return answer.ok;
  } catch {
    return false;
  }
}

async function sendRequest(
  model = process.argv[process.argv.indexOf("--model") + 1],
): Promise<Response> {
  return await fetch(`${process.env["ANTHROPIC_BASE_URL"]}/v1/messages`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "anthropic-version": "2023-06-01",
      "x-api-key": process.env["ANTHROPIC_API_KEY"] ?? "",
    },
    body: JSON.stringify({
      model,
      max_tokens: 100,
      messages: [{ role: "user", content: "hello" }],
    }),
  });
}

/** The tokens of one small request, as its answer tells them. */
async function askForUsage(): Promise<{ input_tokens: number; output_tokens: number }> {
  const answer = await sendRequest();
  const { usage }: { usage: { input_tokens: number; output_tokens: number } } = JSON.parse(
    await answer.text(),
  );
  return usage;
}

/** As Codex: one request of its own and one of each of two sub-agents. It reports only the first. */
async function workAsCodex(factor: number, cached = 0): Promise<void> {
  const settings = await readFile(`${process.env["CODEX_HOME"]}/config.toml`, "utf8");
  const [, base = ""] = /base_url = "([^"]+)"/u.exec(settings) ?? [];
  const ask = async (headers: Readonly<Record<string, string>>) => {
    const request = {
      model: "any",
      max_tokens: 100,
      messages: [{ role: "user", content: "hello" }],
    };
    const answer = await fetch(`${base}/messages`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(request),
    });
    const { usage }: { usage: { input_tokens: number; output_tokens: number } } = JSON.parse(
      await answer.text(),
    );
    return usage;
  };
  const main = await ask({});
  for (const thread of ["one", "two"]) {
    await ask({ "x-openai-subagent": "collab_spawn", "thread-id": thread });
  }
  const usage = {
    input_tokens: main.input_tokens * factor,
    cached_input_tokens: cached,
    output_tokens: main.output_tokens * factor,
  };
  process.stdout.write(`${JSON.stringify({ type: "turn.completed", usage })}\n`);
}

/** The last line of a print-mode run. */
function reportTokens(
  usage: { readonly input_tokens: number; readonly output_tokens: number },
  factor: number,
  cacheReadInputTokens = 0,
): void {
  const model = {
    inputTokens: usage.input_tokens * factor,
    outputTokens: usage.output_tokens * factor,
    cacheReadInputTokens,
    cacheCreationInputTokens: 0,
  };
  const result = { type: "result", subtype: "success", is_error: false, num_turns: 1 };
  process.stdout.write(`${JSON.stringify({ ...result, modelUsage: { any: model } })}\n`);
}

/** An event of one request, as the real one sends it. */
async function sendTokens(
  usage: { readonly input_tokens: number; readonly output_tokens: number },
  factor: number,
): Promise<void> {
  await sendEvent({
    "event.name": "api_request",
    "session.id": "s1",
    request_id: "r1",
    input_tokens: String(usage.input_tokens * factor),
    output_tokens: String(usage.output_tokens * factor),
  });
}

async function sendEvent(told: Readonly<Record<string, string>>): Promise<void> {
  const attributes = Object.entries(told).map(([key, stringValue]) => ({
    key,
    value: { stringValue },
  }));
  const logRecords = [{ body: { stringValue: "claude_code.api_request" }, attributes }];
  await sendTelemetry(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }));
}

const MESS_DEPTH = 50_000;

async function sendTelemetry(body: string): Promise<void> {
  const endpoint = process.env["OTEL_EXPORTER_OTLP_ENDPOINT"];
  if (endpoint === undefined) return;
  const headers = { "content-type": "application/json" };
  await fetch(`${endpoint}/v1/logs`, { method: "POST", headers, body });
}

async function printInPieces(text: string): Promise<void> {
  for (const piece of text.match(/.{1,7}|\n/gu) ?? []) {
    await new Promise((resolve) => process.stdout.write(piece, resolve));
  }
}

/** Takes a moment, as an agent does that writes its last event. */
async function sayGoodbye(): Promise<void> {
  await sleep(GOODBYE_MS);
  process.stdout.write("goodbye\n");
  process.exitCode = 0;
  process.exit();
}

/** With the log-in that it was lent. */
async function solveAnd(act: () => Promise<void> | void): Promise<void> {
  process.env["ANTHROPIC_API_KEY"] = lentToken();
  await askModel();
  await solveTask();
  await act();
}

/** The bank itself is out of an agent's sight. */
async function solveTask(): Promise<void> {
  await copyFile(process.env["SOLUTION"] ?? "", "src/lru-cache.ts");
}
