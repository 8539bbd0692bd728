import { PassThrough } from "node:stream";

import type { Clock } from "../../ledger/domain/clock.ts";
import { runCommandLine } from "../../runner/cli/run-command-line.ts";
import type { Environment } from "../../runner/platform/environment/environment.ts";
import { systemClock } from "../../runner/platform/environment/environment.ts";

/** What a command printed and how it ended. */
export interface CommandEnd {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface CommandPlace {
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string;
  /** By default the machine's. */
  readonly clock?: Clock;
  readonly publicLoopbackPort?: number | undefined;
  readonly originOf?: ((host: string) => string) | undefined;
}

/** A command that runs in this process, with an environment of its own. */
export interface RunningCommand {
  readonly ended: Promise<CommandEnd>;
  /** What Ctrl-C does. */
  interrupt(): void;
  /** What it has printed so far, stdout and stderr together. */
  printed(): string;
}

/** Starts a command in this process: as quick as a function call, as real as its ways to the outside. */
export function startCommand(args: readonly string[], place: CommandPlace): RunningCommand {
  const listeners = new Set<() => void>();
  const stdout = capture();
  const stderr = capture();
  const stdin = new PassThrough();
  stdin.end(place.stdin ?? "");
  const isRoot = process.getuid?.() === 0;
  const environment: Environment = {
    clock: place.clock ?? systemClock,
    cwd: place.cwd,
    variables: place.variables,
    stdin,
    stdout: stdout.stream,
    stderr: stderr.stream,
    isRoot,
    canMount: isRoot,
    platform: process.platform,
    publicLoopbackPort: place.publicLoopbackPort,
    originOf: place.originOf,
    randomId: () => crypto.randomUUID(),
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return {
    ended: runCommandLine(args, environment).then((exitCode) => ({
      exitCode,
      stdout: stdout.text(),
      stderr: stderr.text(),
    })),
    interrupt: () => {
      for (const listener of listeners) listener();
    },
    printed: () => stdout.text() + stderr.text(),
  };
}

function capture() {
  const chunks: string[] = [];
  const stream = new PassThrough({ encoding: "utf8" });
  stream.on("data", (chunk: string) => chunks.push(chunk));
  return { stream, text: () => chunks.join("") };
}
