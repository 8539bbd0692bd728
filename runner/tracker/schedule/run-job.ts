import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

import { execa } from "execa";

import { EXIT } from "../../../ledger/domain/exit-codes.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { fillWords, type Job } from "./job.ts";

/** How a job ended. */
export interface JobEnd {
  readonly exitCode: number;
  /** The first line that it printed. */
  readonly said: string;
}

/** Runs a command line of this program, and returns its exit code. */
export type RunCommand = (args: readonly string[], environment: Environment) => Promise<number>;

interface JobPlace {
  /** The values of `{window}` and the like. */
  readonly values: Readonly<Record<string, string>>;
  readonly variables: Environment["variables"];
  readonly signal: AbortSignal;
  readonly run: RunCommand;
}

/** A job that hangs must not keep the others waiting for ever. */
const TIME_LIMIT_MS = 300_000;
const GRACE_MS = 10_000;
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
const SAID_CHARACTERS = 300;

/** Runs the job's program, then its command on the program's output. It never throws for a failure of them. */
export async function runJob(
  { capture, command }: Job,
  place: JobPlace,
  environment: Environment,
): Promise<JobEnd> {
  const captured =
    capture === undefined
      ? undefined
      : await runProgram(fillWords(capture, place.values), place, environment);
  if (captured !== undefined && captured.exitCode !== EXIT.done) return captured;
  if (command === undefined)
    return { exitCode: EXIT.done, said: firstLine(captured?.output ?? "") };
  return await runCommand(fillWords(command, place.values), captured?.output ?? "", {
    ...place,
    environment,
  });
}

async function runProgram(
  [program = "", ...args]: readonly string[],
  { variables, signal }: JobPlace,
  { cwd }: Environment,
) {
  const ended = await execa(program, args, {
    cwd,
    env: variables,
    extendEnv: false,
    stdin: "ignore",
    reject: false,
    timeout: TIME_LIMIT_MS,
    forceKillAfterDelay: GRACE_MS,
    cancelSignal: signal,
    maxBuffer: OUTPUT_BYTES_MAX,
    stripFinalNewline: false,
  });
  const { stdout, stderr, exitCode, failed } = ended;
  if (!failed) return { exitCode: EXIT.done, said: "", output: stdout };
  const said = firstLine(stderr) || firstLine(ended.shortMessage ?? "");
  return { exitCode: exitCode || EXIT.failed, said, output: "" };
}

/** Runs a command of ours in this process, as a person's command line would. */
async function runCommand(
  args: readonly string[],
  input: string,
  { environment, variables, signal, run }: JobPlace & { readonly environment: Environment },
): Promise<JobEnd> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end(input);
  const over = new AbortController();
  const limit = AbortSignal.any([signal, over.signal]);
  const outputs = Promise.all([text(stdout), text(stderr)]);
  const ended = run(args, {
    ...environment,
    variables,
    stdin,
    stdout,
    stderr,
    isUnattended: true,
    onInterrupt: (listener) => {
      limit.addEventListener("abort", listener);
      return () => limit.removeEventListener("abort", listener);
    },
  });
  const exitCode = await Promise.race([ended, hangs(limit, over)]);
  stdout.end();
  stderr.end();
  if (exitCode === undefined) return { exitCode: EXIT.failed, said: "It did not end in time." };
  const [printed, faults] = await outputs;
  return { exitCode, said: firstLine(exitCode === EXIT.done ? printed : faults || printed) };
}

/** Ends when the command had its time, and a while to end after it was interrupted. */
async function hangs(limit: AbortSignal, over: AbortController): Promise<undefined> {
  await sleep(TIME_LIMIT_MS, undefined, { signal: limit, ref: false }).catch(() => undefined);
  over.abort();
  await sleep(GRACE_MS, undefined, { ref: false });
}

function firstLine(output: string): string {
  const line = output.split("\n").find((one) => one.trim() !== "") ?? "";
  return line.trim().slice(0, SAID_CHARACTERS);
}
