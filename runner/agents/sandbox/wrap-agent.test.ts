import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { processEnvironment } from "../../platform/environment/environment.ts";
import { type AgentRun, runAgentProcess } from "../../platform/processes/run-agent-process.ts";
import { findBubblewrap } from "./find-bubblewrap.ts";
import { type AgentWalls, wrapAgent } from "./wrap-agent.ts";

const environment = processEnvironment();
const bubblewrap = await findBubblewrap(environment);
/** In continuous integration a sandbox that is absent would never be noticed. */
const canRun = bubblewrap !== undefined || environment.variables["CI"] === "true";
const ORIGIN = "http://127.0.0.1:49152";
const LONG_MS = 900_000;

let base = "";
let mark = "";
const proxy = createServer((request, response) => response.end(`proxied ${request.url ?? ""}`));

beforeEach(async () => {
  base = realpathSync(mkdtempSync(path.join(tmpdir(), "walls-")));
  mark = `mark-${environment.randomId()}`;
  mkdirSync(path.join(base, "home", "tmp"), { recursive: true });
  mkdirSync(path.join(base, "workspace"));
  proxy.listen(path.join(base, "socket"));
  await once(proxy, "listening");
});

afterEach(async () => {
  proxy.closeAllConnections();
  proxy.close();
  rmSync(base, { recursive: true });
});

function wrapped(file: string, args: readonly string[], hidden: readonly string[] = []) {
  return wrapAgent({ file, args, env: { HOME: path.join(base, "home") } }, walls(hidden));
}

function walls(hidden: readonly string[] = []): AgentWalls {
  return {
    bubblewrap: bubblewrap ?? { file: "bwrap", forbidsNamespaces: true, limitsMemory: true },
    installation: { readable: [], links: {} },
    cwd: path.join(base, "workspace"),
    home: path.join(base, "home"),
    hidden,
    origin: ORIGIN,
    socket: path.join(base, "socket"),
  };
}

function sandboxed(
  file: string,
  args: readonly string[],
  changes: Partial<AgentRun> = {},
): AgentRun {
  return {
    commandLine: wrapped(file, args),
    isWrapped: true,
    cwd: path.join(base, "workspace"),
    marker: `cb-test-${mark}`,
    wallLimitMs: LONG_MS,
    idleLimitMs: LONG_MS,
    outputBytesMax: 100_000,
    capture: path.join(base, "capture"),
    clock: environment.clock,
    signal: new AbortController().signal,
    ...changes,
  };
}

const said = () => readFileSync(path.join(base, "capture"), "utf8");

/** Processes whose command line contains this test's mark. */
function left(): readonly string[] {
  return globSync("/proc/[0-9]*/cmdline").filter((file) => {
    try {
      return readFileSync(file, "utf8").includes(mark);
    } catch {
      return false;
    }
  });
}

/** Until the agent has made a file with this name. */
async function untilReady(): Promise<void> {
  await expect.poll(() => existsSync(path.join(base, "workspace", "ready"))).toBe(true);
}

const LEAVE = "env -i setsid --fork sh -c";

test.runIf(canRun)("the proxy answers at its own address, and nothing else does", async () => {
  const ask = `for (const url of ["${ORIGIN}/v1", "http://127.0.0.1:49153/", "http://192.0.2.1/"])
    console.log(await fetch(url).then((answer) => answer.text(), ({ cause }) => cause.code));`;
  const args = ["--input-type=module", "--eval", ask];
  const { exitCode } = await runAgentProcess(sandboxed(process.execPath, args));
  expect([exitCode, said()]).toEqual([0, "proxied /v1\nECONNREFUSED\nENETUNREACH\n"]);
});

test.runIf(canRun)(
  "only /tmp and /dev/shm are in memory and can be written, and both are small",
  async () => {
    const script = `for each in $(awk '$3 == "tmpfs" { print $2 }' /proc/mounts); do
    (: > $each/new) 2>/dev/null && df --output=target,size --block-size=1M $each | tail -1; done; true`;
    await runAgentProcess(sandboxed("/bin/sh", ["-c", script]));
    const found = said()
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/ +/u));
    expect(Object.fromEntries(found)).toEqual({ "/tmp": "256", "/dev/shm": "64" });
  },
);

test.runIf(canRun)("a hidden folder of the system is empty and can't be written", async () => {
  const script = "ls /usr/share; touch /usr/share/new; ls /usr/share";
  await runAgentProcess(
    sandboxed("", [], { commandLine: wrapped("/bin/sh", ["-c", script], ["/usr/share"]) }),
  );
  expect(said()).toMatch(/^touch: [^\n]*Read-only file system\n$/u);
});

test.runIf(canRun)("the agent's exit code is the sandbox's", async () => {
  expect(await runAgentProcess(sandboxed("/bin/sh", ["-c", "exit 7"]))).toMatchObject({
    endedBy: "itself",
    exitCode: 7,
  });
});

test.runIf(canRun)("a module of the product runs in the process that forwards", async () => {
  const module = path.join(base, "home", "module.mjs");
  writeFileSync(
    module,
    `const answer = await fetch("${ORIGIN}/v1");
     const { readdirSync } = process.getBuiltinModule("node:fs");
     const processes = readdirSync("/proc").filter((name) => Number(name) > 0);
     console.log(await answer.text(), process.argv.slice(2), processes.length);
     process.exitCode = 7;`,
  );
  const commandLine = wrapAgent(
    { file: "", args: [module, "an argument"], env: {}, isOwnModule: true },
    walls(),
  );
  const { exitCode } = await runAgentProcess(sandboxed("", [], { commandLine }));
  expect([said(), exitCode]).toEqual(["proxied /v1 [ 'an argument' ] 2\n", 7]);
});

test.runIf(canRun)(
  "a process without marker and group is gone when the run has ended",
  async () => {
    const script = `${LEAVE} ': ${mark}; sleep 600'; echo left`;
    const { unkilled } = await runAgentProcess(sandboxed("/bin/sh", ["-c", script]));
    expect([said(), unkilled, left()]).toEqual(["left\n", 0, []]);
  },
);

test.runIf(canRun)("a stopped agent is asked first, and may say its last words", async () => {
  const stop = new AbortController();
  void untilReady().then(() => stop.abort());
  const loop = "touch ready; while :; do sleep 0.05; done";
  const script = `trap 'echo last words; exit 0' INT; ${loop}`;
  const run = sandboxed("/bin/sh", ["-c", script], { signal: stop.signal });
  expect(await runAgentProcess(run)).toMatchObject({ endedBy: "abort", exitCode: 0 });
  expect(said()).toBe("last words\n");
});

test.runIf(canRun)("no process of the sandbox outlives a harness that was killed", async () => {
  const script = `${LEAVE} 'touch ready; : ${mark}; sleep 600'; sleep 600`;
  const { commandLine, cwd } = sandboxed("/bin/sh", ["-c", script]);
  const { file, args, env } = commandLine;
  const start = `const [file, cwd, env, ...args] = process.argv.slice(1);
    require("child_process").spawn(file, args,
      { cwd, env: JSON.parse(env), detached: true, stdio: ["pipe", "ignore", "ignore", "pipe"] });`;
  const harness = spawn(process.execPath, ["-e", start, file, cwd, JSON.stringify(env), ...args]);
  await untilReady();
  harness.kill("SIGKILL");
  await expect.poll(left).toEqual([]);
});
