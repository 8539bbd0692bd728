import { randomUUID } from "node:crypto";

import type { Clock } from "../ledger/domain/clock.ts";

/** Everything from outside the program, as one argument. */
export interface Environment {
  readonly clock: Clock;
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly isRoot: boolean;
  readonly platform: NodeJS.Platform;
  /** A loopback port that counts as a public host's, for tests without a network. */
  readonly publicLoopbackPort?: number | undefined;
  /** A fresh random identifier, for keys and markers that nobody can guess. */
  readonly randomId: () => string;
  /** Calls back on each SIGINT or SIGTERM until the returned function is called. */
  readonly onInterrupt: (listener: () => void) => () => void;
}

/** A text stream that may be a terminal. */
export interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

export function processEnvironment(): Environment {
  return {
    clock: systemClock,
    cwd: process.cwd(),
    variables: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    isRoot: process.getuid?.() === 0,
    platform: process.platform,
    randomId: () => randomUUID(),
    onInterrupt: (listener) => {
      process.on("SIGINT", listener).on("SIGTERM", listener);
      return () => process.off("SIGINT", listener).off("SIGTERM", listener);
    },
  };
}
