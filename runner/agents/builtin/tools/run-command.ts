import type { Result } from "execa";
import { z } from "zod";

import { sendSignal } from "../../../platform/processes/sweep-processes.ts";
import { defineTool } from "./tool.ts";

const TIMEOUT_S_DEFAULT = 60;
const TIMEOUT_S_MAX = 600;
/** How long output may still come after the command itself has ended. */
const LAST_OUTPUT_MS = 200;

export const runCommand = defineTool({
  name: "run_command",
  description: `Run a shell command in the working directory, without input. Returns its output and exit code. It ends after timeout_s seconds at the latest, together with its background processes.`,
  input: z.strictObject({
    command: z.string().min(1).max(100_000).describe("The command, for sh."),
    timeout_s: z.number().positive().max(TIMEOUT_S_MAX).default(TIMEOUT_S_DEFAULT),
  }),
  run: async ({ command, timeout_s: timeoutS }, { folder, variables, signal }) => {
    // Loaded here, because it takes longer to load than the rest of the agent.
    const { execa } = await import("execa");
    const output = new BoundedOutput();
    const child = execa("/bin/sh", ["-c", command], {
      cwd: folder,
      env: variables,
      extendEnv: false,
      // A process group of its own, so that the agent can end all of it.
      detached: true,
      stdin: "ignore",
      buffer: false,
      reject: false,
      timeout: timeoutS * 1000,
      cancelSignal: signal,
      killSignal: "SIGKILL",
    });
    child.stdout.on("data", (chunk: Buffer) => output.add(chunk));
    child.stderr.on("data", (chunk: Buffer) => output.add(chunk));
    child.nodeChildProcess.once("exit", () => {
      if (child.pid !== undefined) sendSignal(-child.pid, "SIGKILL");
      setTimeout(() => {
        // A process that left the group may hold the pipes open for as long as it lives.
        child.stdout.destroy();
        child.stderr.destroy();
      }, LAST_OUTPUT_MS).unref();
    });
    const ending = describeEnd(await child, timeoutS);
    return [output.text(), ending].filter((part) => part !== "").join("\n");
  },
});

type End = Pick<Result, "timedOut" | "exitCode" | "signal" | "originalMessage">;

function describeEnd({ timedOut, exitCode, signal, originalMessage }: End, timeoutS: number) {
  if (timedOut) return `ended after ${timeoutS} s: the time limit was reached`;
  if (signal !== undefined) return `ended by ${signal}`;
  if (exitCode !== undefined) return `exit code ${exitCode}`;
  return `The command could not be started: ${originalMessage}`;
}

const HEAD_BYTES = 10_000;
const TAIL_BYTES = 20_000;

/** Keeps the beginning and the end of an output of any length, in bounded memory. */
class BoundedOutput {
  #head = Buffer.alloc(0);
  #tail = Buffer.alloc(0);
  #bytes = 0;

  add(chunk: Buffer): void {
    this.#bytes += chunk.length;
    const room = HEAD_BYTES - this.#head.length;
    if (room > 0) this.#head = Buffer.concat([this.#head, chunk.subarray(0, room)]);
    const rest = chunk.subarray(Math.max(0, room));
    if (rest.length > 0) this.#tail = Buffer.concat([this.#tail, rest]).subarray(-TAIL_BYTES);
  }

  text(): string {
    const left = this.#bytes - this.#head.length - this.#tail.length;
    if (left === 0) return Buffer.concat([this.#head, this.#tail]).toString("utf8");
    return `${this.#head.toString("utf8")}\n… ${left} bytes left out …\n${this.#tail.toString("utf8")}`;
  }
}
