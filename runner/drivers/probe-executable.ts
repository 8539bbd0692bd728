import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

import type { Environment } from "../environment.ts";
import type { DriverProbe } from "./driver.ts";
import { findExecutable } from "./find-executable.ts";
import { passOn } from "./pass-on-variables.ts";

export interface ExecutableToProbe {
  readonly command: string;
  /** The command line that installs it. */
  readonly install: string;
  readonly timeLimitMs?: number;
}

const TIME_LIMIT_MS = 15_000;
const OUTPUT_CHARACTERS_MAX = 10_000;
/** A program that was only just written may still be open in a process that was forked meanwhile. */
const BUSY_TRIES = 5;
const BUSY_WAIT_MS = 100;

/** Looks a command up on the PATH and asks it for its version. */
export async function probeExecutable(
  environment: Pick<Environment, "variables">,
  wanted: ExecutableToProbe,
): Promise<DriverProbe> {
  const executable = await findExecutable(wanted.command, environment.variables["PATH"]);
  if (executable === undefined) {
    return {
      ready: false,
      lacks: `the command "${wanted.command}", which is in no folder of PATH`,
      install: wanted.install,
    };
  }
  const timeLimitMs = wanted.timeLimitMs ?? TIME_LIMIT_MS;
  const result = await askVersion(executable, { environment, timeLimitMs });
  const version = /\d+\.\d+\.\d+\S*/u.exec(result.stdout)?.[0];
  if (!result.failed && version !== undefined) return { ready: true, version, executable };
  return {
    ready: false,
    lacks: `a working "${wanted.command}": ${executable} --version ${whatHappened(result, timeLimitMs)}`,
    install: wanted.install,
  };
}

async function askVersion(
  executable: string,
  asked: {
    readonly environment: Pick<Environment, "variables">;
    readonly timeLimitMs: number;
  },
) {
  // A proxy alone, which knows drivers by name only, is spared its hundred files.
  const { execa } = await import("execa");
  const ask = () =>
    execa(executable, ["--version"], {
      reject: false,
      // Not the user's home: asking for a version leaves nothing there.
      env: { ...passOn(asked.environment.variables), HOME: tmpdir() },
      extendEnv: false,
      stdin: "ignore",
      timeout: asked.timeLimitMs,
      forceKillAfterDelay: 1000,
      maxBuffer: OUTPUT_CHARACTERS_MAX,
    });
  let result = await ask();
  for (let tries = 1; tries < BUSY_TRIES && result.code === "ETXTBSY"; tries += 1) {
    await sleep(BUSY_WAIT_MS);
    result = await ask();
  }
  return result;
}

/** The part of a result that says how a command failed. */
interface Ended {
  readonly timedOut: boolean;
  readonly isMaxBuffer: boolean;
  readonly failed: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly originalMessage?: string | undefined;
}

function whatHappened(ended: Ended, timeLimitMs: number): string {
  if (ended.timedOut) return `gave no answer within ${timeLimitMs / 1000} s`;
  if (ended.isMaxBuffer) return "printed far more than a version";
  if (!ended.failed) return `printed no version but ${JSON.stringify(ended.stdout.slice(0, 80))}`;
  if (ended.signal !== undefined) return `was ended by ${ended.signal}`;
  const said = ended.stderr.trim().split("\n")[0] ?? "";
  if (ended.exitCode === undefined) return `could not run: ${ended.originalMessage ?? said}`;
  return `ended with ${ended.exitCode}${said === "" ? "" : `: ${said.slice(0, 200)}`}`;
}
