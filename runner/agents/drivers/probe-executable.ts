import { tmpdir } from "node:os";
import { isAbsolute } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { Environment } from "../../platform/environment/environment.ts";
import { findExecutable } from "../../platform/processes/find-executable.ts";
import { passOn } from "./agent-variables.ts";
import type { DriverProbe } from "./driver.ts";

export interface ExecutableToProbe {
  /** Its name, or its absolute path. */
  readonly command: string;
  /** What makes it print its version (default: `--version`). */
  readonly args?: readonly string[];
  /** What its version looks like. */
  readonly version?: RegExp;
  /** The command line that installs it. */
  readonly install: string;
  readonly timeLimitMs?: number;
}

type Variables = Environment["variables"];
type VersionAnswer = Awaited<ReturnType<typeof askVersion>>;

/** Some clients take many seconds to start on a busy machine. */
const TIME_LIMIT_MS = 120_000;
const THREE_NUMBERS = /\d+\.\d+\.\d+\S*/u;
const OUTPUT_CHARACTERS_MAX = 10_000;
/** A program that was just written may still be open in a process that another thread forked. */
const BUSY_TRIES = 5;
const BUSY_WAIT_MS = 100;

/** Probes a client that npm installs, as the version that the specs run. */
export function probeNpmClient(command: string, pinned: string) {
  const install = `npm install --global ${pinned}`;
  return (environment: Environment) => probeExecutable(environment, { command, install });
}

/** Looks a command up on the PATH and asks it for its version. */
export async function probeExecutable(
  { variables }: Pick<Environment, "variables">,
  probed: ExecutableToProbe,
): Promise<DriverProbe> {
  const { command, install, args = ["--version"], timeLimitMs = TIME_LIMIT_MS } = probed;
  const executable = isAbsolute(command)
    ? command
    : await findExecutable(command, variables["PATH"]);
  if (executable === undefined) {
    return {
      ready: false,
      lacks: `the command "${command}", which is in no folder of PATH`,
      install,
    };
  }
  const answer = await askVersion([executable, ...args], variables, timeLimitMs);
  const version = (probed.version ?? THREE_NUMBERS).exec(answer.stdout)?.[0];
  if (!answer.failed && version !== undefined) return { ready: true, version, executable };
  return {
    ready: false,
    lacks: `a working "${command}": ${[executable, ...args].join(" ")} ${whatHappened(answer, timeLimitMs)}`,
    install,
  };
}

async function askVersion(
  [executable = "", ...args]: readonly string[],
  variables: Variables,
  timeLimitMs: number,
) {
  // Loaded on demand: `experiment proxy` knows the drivers by name and must not load execa for it.
  const { execa } = await import("execa");
  const ask = () =>
    execa(executable, args, {
      reject: false,
      // A question for the version must leave nothing in the user's home.
      env: { ...passOn(variables), HOME: tmpdir() },
      extendEnv: false,
      stdin: "ignore",
      timeout: timeLimitMs,
      forceKillAfterDelay: 1000,
      maxBuffer: OUTPUT_CHARACTERS_MAX,
    });
  let answer = await ask();
  for (let tries = 1; tries < BUSY_TRIES && answer.code === "ETXTBSY"; tries += 1) {
    await sleep(BUSY_WAIT_MS);
    answer = await ask();
  }
  return answer;
}

function whatHappened(answer: VersionAnswer, timeLimitMs: number): string {
  if (answer.timedOut) return `gave no answer within ${timeLimitMs / 1000} s`;
  if (answer.isMaxBuffer) return "printed far more than a version";
  if (!answer.failed) return `printed no version but ${JSON.stringify(answer.stdout.slice(0, 80))}`;
  if (answer.signal !== undefined) return `was ended by ${answer.signal}`;
  const said = answer.stderr.trim().split("\n")[0] ?? "";
  if (answer.exitCode === undefined) return `could not run: ${answer.originalMessage ?? said}`;
  return `ended with ${answer.exitCode}${said === "" ? "" : `: ${said.slice(0, 200)}`}`;
}
