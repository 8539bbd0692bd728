import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { ListenOptions } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { builtinAgent } from "../agents/drivers/builtin-agent.ts";
import { findBubblewrap } from "../agents/sandbox/find-bubblewrap.ts";
import { wrapAgent } from "../agents/sandbox/wrap-agent.ts";
import { processEnvironment } from "../platform/environment/environment.ts";
import type { CommandLine } from "../platform/processes/command-line.ts";
import { runAgentProcess } from "../platform/processes/run-agent-process.ts";

// sandbox-worker.ts RUNS ROUNDS REQUESTS: prints what each side took.
const [RUNS = 0, ROUNDS = 0, REQUESTS = 0] = process.argv.slice(2).map(Number);
const LIMIT_MS = 240_000;

const environment = processEnvironment();
const { clock } = environment;
const bubblewrap = await findBubblewrap(environment);
if (bubblewrap === undefined) throw new Error("Bubblewrap does not work here.");

const base = mkdtempSync(path.join(tmpdir(), "counterbalance-bench-"));
const home = path.join(base, "home");
const cwd = path.join(base, "workspace");
const capture = path.join(base, "capture");
const socket = path.join(base, "socket");
mkdirSync(home);
mkdirSync(cwd);

const servers = await Promise.all([{ path: socket }, { host: "127.0.0.1", port: 0 }].map(serve));
const address = servers[1]?.address();
if (typeof address !== "object" || address === null) throw new Error("The port is not known.");
const origin = `http://127.0.0.1:${String(address.port)}`;
const installation = builtinAgent.installation(process.execPath);

async function serve(at: ListenOptions) {
  const server = createServer((_, response) => response.end("answer"));
  server.keepAliveTimeout = LIMIT_MS;
  await new Promise<void>((resolve) => {
    server.listen(at, resolve);
  });
  return server;
}

const sandboxed = (bare: CommandLine): CommandLine =>
  wrapAgent(bare, { bubblewrap, installation, cwd, home, hidden: [], origin, socket });

/** Milliseconds from the agent's start to the end of its last process. */
async function timeOf(commandLine: CommandLine, isWrapped: boolean): Promise<number> {
  const startedMs = clock.monotonicMs();
  const { exitCode } = await runAgentProcess({
    commandLine,
    isWrapped,
    cwd,
    marker: `bench-${environment.randomId()}`,
    wallLimitMs: LIMIT_MS,
    idleLimitMs: LIMIT_MS,
    outputBytesMax: 1_000_000,
    capture,
    clock,
    signal: new AbortController().signal,
  });
  if (exitCode !== 0) throw new Error(readFileSync(capture, "utf8"));
  return clock.monotonicMs() - startedMs;
}

const ASK = `
  const http = require("node:http");
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const ask = () => new Promise((resolve, reject) => {
    http.get(process.argv[1], { agent }, (answer) => answer.resume().on("end", resolve)).on("error", reject);
  });
  (async () => {
    const times = [];
    for (let n = 0; n < ${String(REQUESTS)}; n += 1) {
      const startedMs = performance.now();
      await ask();
      times.push(performance.now() - startedMs);
    }
    agent.destroy();
    console.log(times.sort((a, b) => a - b)[${String(REQUESTS / 2)}]);
  })();`;

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Both sides in turns, so that they meet the same load. */
async function inTurns(
  runs: number,
  bare: CommandLine,
  read: (ms: number) => number,
): Promise<{ readonly bare: number; readonly sandboxed: number }> {
  const measured = { bare: [] as number[], sandboxed: [] as number[] };
  for (let run = 0; run < runs; run += 1) {
    measured.bare.push(read(await timeOf(bare, false)));
    measured.sandboxed.push(read(await timeOf(sandboxed(bare), true)));
  }
  return { bare: medianOf(measured.bare), sandboxed: medianOf(measured.sandboxed) };
}

const [entry = ""] = installation.readable;
const help = { file: process.execPath, args: [entry, "--help"], env: { HOME: home } };
const asking = { file: process.execPath, args: ["--eval", ASK, origin], env: { HOME: home } };
const startMs = await inTurns(RUNS, help, (ms) => ms);
const requestMs = await inTurns(ROUNDS, asking, () => Number(readFileSync(capture, "utf8")));
process.stdout.write(`${JSON.stringify({ startMs, requestMs })}\n`);
for (const server of servers) server.close();
rmSync(base, { recursive: true });
