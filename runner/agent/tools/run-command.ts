import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

import { z } from "zod";

import { BoundedOutput } from "./bounded-output.ts";
import { defineTool } from "./define-tool.ts";
import type { ToolContext } from "./tool.ts";

const TIMEOUT_S_DEFAULT = 60;
const TIMEOUT_S_MAX = 600;
/** How long output may still come after the command itself has ended. */
const LAST_OUTPUT_MS = 200;

export const runCommand = defineTool({
  name: "run_command",
  description: `Run a shell command in the working directory, without input. Answers its output and exit code. It is ended after timeout_s seconds; what it leaves in the background ends with it.`,
  input: z.strictObject({
    command: z.string().min(1).max(100_000).describe("The command, for sh."),
    timeout_s: z.number().positive().max(TIMEOUT_S_MAX).default(TIMEOUT_S_DEFAULT),
  }),
  run: async ({ command, timeout_s: timeoutS }, context) => {
    const output = new BoundedOutput();
    const child = spawn("/bin/sh", ["-c", command], {
      cwd: context.folder,
      env: context.variables,
      // A process group of its own, so that all of it can be ended.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.on("data", (chunk: Buffer) => output.add(chunk));
    child.stderr.on("data", (chunk: Buffer) => output.add(chunk));
    const ending = await waitForEnd(child, timeoutS * 1000, context.signal);
    await collectLastOutput(child);
    return [output.text(), ending].filter((part) => part !== "").join("\n");
  },
});

/** Waits until the command ends or its time is over, ends its whole group, and says how it went. */
async function waitForEnd(
  child: ChildProcess,
  timeoutMs: number,
  signal: ToolContext["signal"],
): Promise<string> {
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(`The command could not be started: ${error.message}`));
    child.once("exit", (code, by) => resolve(by === null ? `exit code ${code}` : `ended by ${by}`));
  });
  const timer = new AbortController();
  const timedOut = sleep(timeoutMs, undefined, { signal: AbortSignal.any([timer.signal, signal]) })
    .then(() => `ended after ${timeoutMs / 1000} s: the time limit was reached`)
    .catch(() => ended);
  if (signal.aborted) endGroup(child);
  const onAbort = (): void => endGroup(child);
  signal.addEventListener("abort", onAbort);
  const ending = await Promise.race([ended, timedOut]);
  endGroup(child);
  signal.removeEventListener("abort", onAbort);
  timer.abort();
  return ending;
}

async function collectLastOutput(child: ChildProcess): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    if (child.stdout?.closed !== false && child.stderr?.closed !== false) resolve();
    child.once("close", () => resolve());
  });
  const timer = new AbortController();
  const waited = sleep(LAST_OUTPUT_MS, undefined, { signal: timer.signal }).catch(() => undefined);
  await Promise.race([closed, waited]);
  timer.abort();
  // A process that left the group may hold the pipes open for as long as it lives.
  child.stdout?.destroy();
  child.stderr?.destroy();
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // No process of the group is left.
  }
}
