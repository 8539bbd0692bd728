import { existsSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { processEnvironment } from "../environment/environment.ts";
import { runAgentProcess, type AgentRun } from "./run-agent-process.ts";

const environment = processEnvironment();
const { clock } = environment;
const nowMs = () => clock.monotonicMs();
/** For agents that ignore what they are asked; the others end long before the usual graces. */
const impatient = { interruptMs: 200, terminateMs: 200, killMs: 240_000 };

let folder = "";
let marker = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agent-process-"));
  marker = `cb-test-${environment.randomId()}`;
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function shell(script: string, changes: Partial<AgentRun> = {}): AgentRun {
  const env = { PATH: environment.variables["PATH"] ?? "" };
  return {
    commandLine: { file: "/bin/sh", args: ["-c", script], env },
    cwd: folder,
    marker,
    wallLimitMs: 900_000,
    idleLimitMs: 900_000,
    outputBytesMax: 100_000,
    capture: join(folder, "captures", "output.txt"),
    clock,
    signal: new AbortController().signal,
    ...changes,
  };
}

const captured = () => readFile(join(folder, "captures", "output.txt"), "utf8");

async function isAlive(pidFile: string): Promise<boolean> {
  const pid = Number(await readFile(join(folder, pidFile), "utf8"));
  expect(pid).toBeGreaterThan(1);
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "latin1");
    return !/\) [ZX] /u.test(stat);
  } catch {
    return false;
  }
}

async function untilThere(file: string): Promise<void> {
  await expect.poll(() => existsSync(join(folder, file))).toBe(true);
}

const LOOP = "while :; do sleep 0.05; done";

/** Stops an agent as soon as it has made a file named `ready`. */
function stopWhenReady(): AbortSignal {
  const stop = new AbortController();
  void untilThere("ready").then(() => stop.abort());
  return stop.signal;
}

describe("runAgentProcess", () => {
  it("reports an agent that ends by itself, with its exit code, output and time", async () => {
    const end = await runAgentProcess(shell("echo out; echo err >&2; exit 3"));
    expect(end).toMatchObject({ endedBy: "itself", exitCode: 3, exitSignal: null, unkilled: 0 });
    expect(end.durationMs).toBeGreaterThan(0);
    expect((await captured()).split("\n").toSorted()).toEqual(["", "err", "out"]);
  });

  it("gives exactly the command line's environment and the marker, and no stdin", async () => {
    const commandLine = {
      file: process.execPath,
      args: [
        "-e",
        "console.log(JSON.stringify([process.env, require('fs').readFileSync(0,'utf8')]))",
      ],
      env: { ONLY: "this" },
    };
    await runAgentProcess(shell("", { commandLine }));
    const [env, stdin] = JSON.parse(await captured());
    expect(env).toEqual({ ONLY: "this", COUNTERBALANCE_WINDOW_MARKER: marker });
    expect(stdin).toBe("");
  });

  it("asks with SIGINT first and keeps what the agent still says", async () => {
    const script = `trap 'echo last words; exit 0' INT; echo started; touch ready; ${LOOP}`;
    const end = await runAgentProcess(shell(script, { signal: stopWhenReady() }));
    expect(end).toMatchObject({ endedBy: "abort", exitCode: 0 });
    expect(await captured()).toBe("started\nlast words\n");
  });

  it("asks the agent, not the program that only waits for it", async () => {
    const script = `trap 'sleep 0.3; echo last words; exit 0' INT; touch ready; ${LOOP}`;
    const wait = `process.exit(require("child_process").spawnSync("/bin/sh", ["-c", process.argv[1]], { stdio: "inherit" }).status)`;
    const env = { PATH: environment.variables["PATH"] ?? "" };
    const commandLine = { file: process.execPath, args: ["-e", wait, script], env };
    const signal = stopWhenReady();
    const end = await runAgentProcess(shell("", { commandLine, isWrapped: true, signal }));
    expect(end).toMatchObject({ endedBy: "abort", exitCode: 0 });
    expect(await captured()).toBe("last words\n");
  });

  it("sends SIGTERM if the agent ignores SIGINT", async () => {
    const script = `trap '' INT; trap 'exit 7' TERM; touch ready; ${LOOP}`;
    const graces = { interruptMs: 200 };
    const end = await runAgentProcess(shell(script, { signal: stopWhenReady(), graces }));
    expect(end).toMatchObject({ endedBy: "abort", exitCode: 7 });
  });

  it("sends SIGKILL if the agent ignores both", async () => {
    const script = `trap '' INT TERM; touch ready; ${LOOP}`;
    const end = await runAgentProcess(
      shell(script, { signal: stopWhenReady(), graces: impatient }),
    );
    expect(end).toMatchObject({ endedBy: "abort", exitCode: null, exitSignal: "SIGKILL" });
  });
});

describe("runAgentProcess keeps its limits", () => {
  it("ends an agent at its wall limit, however busy it is", async () => {
    const script = "while :; do echo busy; sleep 0.05; done";
    const end = await runAgentProcess(shell(script, { wallLimitMs: 300 }));
    expect(end).toMatchObject({ endedBy: "wall_limit", exitSignal: "SIGINT" });
    expect(end.durationMs).toBeGreaterThanOrEqual(300);
  });

  it("ends a silent agent at the idle limit", async () => {
    const end = await runAgentProcess(shell("sleep 900", { idleLimitMs: 200 }));
    expect(end.endedBy).toBe("idle_limit");
  });

  it("counts output as activity", async () => {
    const ends: string[] = [];
    // A busy machine prints late: there a slower pace shows it.
    for (const paceS of [0.1, 1, 10]) {
      const script = `for i in 1 2 3 4 5 6 7 8 9; do echo $i; sleep ${paceS}; done`;
      const { endedBy } = await runAgentProcess(shell(script, { idleLimitMs: 6000 * paceS }));
      ends.push(endedBy);
      if (endedBy === "itself") break;
    }
    expect(ends).toContain("itself");
  });

  it("counts requests at the proxy as activity", async () => {
    const end = await runAgentProcess(
      shell("sleep 0.8", { idleLimitMs: 200, lastActivityMs: nowMs }),
    );
    expect(end.endedBy).toBe("itself");
  });

  it("ends an agent that floods its output, and keeps no more than the bound", async () => {
    const end = await runAgentProcess(shell("yes flood", { outputBytesMax: 10_000 }));
    expect(end.endedBy).toBe("output_limit");
    const { length } = await captured();
    expect(length).toBeGreaterThan(9000);
    expect(length).toBeLessThanOrEqual(10_001);
  });

  it("ends a flood without a single line end, and one that ignores the broken pipe", async () => {
    const script = `trap '' INT TERM PIPE; while :; do head -c 50000 /dev/zero >&2; done`;
    const end = await runAgentProcess(shell(script, { outputBytesMax: 10_000, graces: impatient }));
    expect(end).toMatchObject({ endedBy: "output_limit", exitSignal: "SIGKILL" });
  });
});

describe("runAgentProcess stops", () => {
  it("stops when it is told to", async () => {
    const end = await runAgentProcess(
      shell("touch ready; exec sleep 900", { signal: stopWhenReady() }),
    );
    expect(end).toMatchObject({ endedBy: "abort", exitSignal: "SIGINT" });
  });

  it("starts nothing if it is already stopped", async () => {
    const end = await runAgentProcess(shell("touch started", { signal: AbortSignal.abort() }));
    expect(end).toMatchObject({ endedBy: "abort", exitCode: null, durationMs: 0 });
    expect(existsSync(join(folder, "started"))).toBe(false);
  });

  it("gives no graces if it must stop at once", async () => {
    const atOnce = new AbortController();
    const signal = stopWhenReady();
    signal.addEventListener("abort", () => setTimeout(() => atOnce.abort(), 100));
    const script = `trap '' INT TERM; touch ready; ${LOOP}`;
    const long = { interruptMs: 900_000, terminateMs: 900_000, killMs: 900_000 };
    const end = await runAgentProcess(
      shell(script, { signal, atOnce: atOnce.signal, graces: long }),
    );
    expect(end).toMatchObject({ endedBy: "abort", exitSignal: "SIGKILL" });
  });
});

describe("runAgentProcess reports what it could not do", () => {
  it("reports an executable that is not there", async () => {
    const commandLine = { file: "/nowhere/agent", args: [], env: {} };
    const end = await runAgentProcess(shell("", { commandLine }));
    expect(end.startError).toContain("/nowhere/agent could not be started");
    expect(end.startError).toContain("ENOENT");
    expect(end).toMatchObject({ endedBy: "itself", exitCode: null, durationMs: 0 });
  });

  it("reports a file that is not executable", async () => {
    const file = join(folder, "agent");
    await writeFile(file, "not a program", { mode: 0o644 });
    const end = await runAgentProcess(shell("", { commandLine: { file, args: [], env: {} } }));
    expect(end.startError).toContain("EACCES");
  });

  it("reports a script whose interpreter is missing, and an argument that is too long", async () => {
    const file = join(folder, "agent");
    await writeFile(file, "#!/nowhere/interpreter\n");
    await chmod(file, 0o755);
    const missing = await runAgentProcess(shell("", { commandLine: { file, args: [], env: {} } }));
    expect(missing.startError).toContain("ENOENT");
    const long = { file: "/bin/echo", args: ["x".repeat(300_000)], env: {} };
    expect((await runAgentProcess(shell("", { commandLine: long }))).startError).toContain("E2BIG");
  });

  it("tells a missing working folder from a missing executable", async () => {
    const end = await runAgentProcess(shell("true", { cwd: join(folder, "gone") }));
    expect(end.startError).toContain("working folder");
  });

  it("runs the agent although its capture can't be written", async () => {
    await writeFile(join(folder, "file"), "");
    const end = await runAgentProcess(
      shell("touch started; echo hello", { capture: join(folder, "file", "output.txt") }),
    );
    expect(end).toMatchObject({ endedBy: "itself", exitCode: 0 });
    expect(existsSync(join(folder, "started"))).toBe(true);
  });
});

describe("runAgentProcess leaves no process behind", () => {
  it.each([
    ["nohup", "nohup sleep 300 >/dev/null 2>&1 & echo $! > pid"],
    ["setsid", "setsid sh -c 'echo $$ > pid; exec sleep 300' >/dev/null 2>&1 &"],
    ["a child that holds the output open", "sleep 300 & echo $! > pid"],
    [
      "a double fork in a new session",
      "setsid sh -c '(trap \"\" INT TERM; sleep 300 & echo $! > pid)' >/dev/null 2>&1",
    ],
    ["a child without the marker", "setsid sh -c 'env -i sleep 300 & echo $! > pid; sleep 300' &"],
  ])("after a normal end with %s", async (_case, script) => {
    const end = await runAgentProcess(shell(`${script}\nwhile [ ! -s pid ]; do sleep 0.01; done`));
    expect(end).toMatchObject({ endedBy: "itself", exitCode: 0, unkilled: 0 });
    expect(await isAlive("pid")).toBe(false);
  });

  it("after a stop, tools in sessions of their own included", async () => {
    const tool = "trap '' INT TERM; echo $$ > pid; touch ready; while :; do sleep 1; done";
    const end = await runAgentProcess(
      shell("", {
        commandLine: {
          file: "/bin/sh",
          args: ["-c", 'setsid sh -c "$0" & wait', tool],
          env: { PATH: environment.variables["PATH"] ?? "" },
        },
        signal: stopWhenReady(),
      }),
    );
    expect(end.endedBy).toBe("abort");
    expect(await isAlive("pid")).toBe(false);
  });

  it("of the group, also one without the marker", async () => {
    const script = "env -i /bin/sleep 300 & echo $! > pid";
    await runAgentProcess(shell(script));
    await expect.poll(() => isAlive("pid")).toBe(false);
  });
});
