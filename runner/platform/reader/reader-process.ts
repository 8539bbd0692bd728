import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";

import { endOfReading } from "./end-of-reading.ts";
import type { ReadingAnswer, ReadingOrder } from "./reading-job.ts";

const MAIN = path.join(import.meta.dirname, `reader-main${path.extname(import.meta.filename)}`);
/** Text of a few megabytes can become objects that fill any memory. */
const MEMORY_MB_MAX = 1024;
const MS_PER_SECOND = 1000;

/** A process that reads, one job at a time. It ends with this process, and keeps it from ending only while it reads. */
export class ReaderProcess {
  readonly #child: ChildProcess;
  #isAlive = true;
  #fail: (fault: string) => void = () => undefined;

  constructor() {
    this.#child = fork(MAIN, [], {
      // Ctrl-C on a terminal is for this process, which decides what its reader may still do.
      detached: true,
      env: {},
      execArgv: [`--max-old-space-size=${String(MEMORY_MB_MAX)}`],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    this.#child.on("error", () => this.#end("died"));
    this.#child.on("exit", () => this.#end("died"));
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  async ask<Args, Value>(
    order: ReadingOrder<Args>,
    signal: AbortSignal | undefined,
  ): Promise<ReadingAnswer<Value>> {
    const { promise, resolve } = Promise.withResolvers<ReadingAnswer<Value>>();
    this.#fail = (fault) => resolve({ fault });
    this.#child.once("message", (answer: ReadingAnswer<Value>) => resolve(answer));
    const end = endOfReading(signal, order.limits.ms);
    const stop = () => {
      const cause =
        signal?.aborted === true ? "Ctrl-C" : `${String(order.limits.ms / MS_PER_SECOND)} s`;
      this.#end(`ended after ${cause}`);
    };
    end.addEventListener("abort", stop);
    this.#hold(true);
    // What fails here shows by the process's end.
    this.#child.send(order, () => undefined);
    try {
      return await promise;
    } finally {
      end.removeEventListener("abort", stop);
      this.#hold(false);
    }
  }

  #end(fault: string): void {
    this.#isAlive = false;
    this.#child.kill("SIGKILL");
    this.#fail(fault);
  }

  /** Whether this process waits for its reader. */
  #hold(isHeld: boolean): void {
    const { channel } = this.#child;
    for (const handle of [this.#child, channel]) {
      if (isHeld) handle?.ref();
      else handle?.unref();
    }
  }
}
