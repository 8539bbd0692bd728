import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";

import { COMMAND } from "../run-process.ts";

export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly said: string;
  /** By a signal, as SIGKILL always does, and Ctrl-C before the command has begun. */
  readonly isKilled: boolean;
}

export interface ProcessPlace {
  readonly folder: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Gets what the process says. */
  readonly trace?: (text: string) => void;
}

/** A command of the built program, in a folder of its own. */
export class StoreProcess {
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ReturnType<typeof spawn>;
  #said = "";

  constructor(args: readonly string[], { folder, variables, trace }: ProcessPlace) {
    mkdirSync(folder, { recursive: true });
    this.#child = spawn(process.execPath, [COMMAND, ...args], {
      cwd: folder,
      env: { ...variables },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#said += text;
        trace?.(text);
      });
    }
    this.ended = once(this.#child, "close").then(() => ({
      exitCode: this.#child.exitCode,
      said: this.#said,
      isKilled: this.#child.signalCode !== null,
    }));
  }

  /** Whether it is a worker with a window, by the last that it said. */
  isAtWork(): boolean {
    return /: begun for \S+\.\n$/u.test(this.#said);
  }

  /** Whether the process was there to get it. */
  signal(signal: NodeJS.Signals): boolean {
    return this.#child.kill(signal);
  }
}
