import { type ChildProcess, spawn } from "node:child_process";
import { Duplex } from "node:stream";

import { type Frame, FrameReader, HELLO_ID, LOAD_ID, encodeFrame } from "./host/frames.ts";

/** What came of a request: the host's answer as bytes that nobody has looked into yet, or why there is none. */
export type HostAnswer =
  | { readonly kind: "answered"; readonly payload: Uint8Array }
  | { readonly kind: "broken"; readonly reason: string; readonly hasHung: boolean };

export interface HostLimits {
  /** For Node to start, before anything of the solution runs. */
  readonly startMs: number;
  /** For the solution's module to load. */
  readonly loadMs: number;
  readonly callMs: number;
}

interface Waiting {
  readonly settle: (answer: HostAnswer) => void;
  readonly timer: NodeJS.Timeout;
}

const CHANNEL_FD = 3;
const CLOSE_MS_MAX = 3000;

/** One process with a solution in it, and the only channel to it. Good for one scenario. */
export class SolutionHost {
  /** False if the host's own code never ran, which is no fault of the solution's. */
  readonly hasStarted: Promise<boolean>;
  readonly loaded: Promise<HostAnswer>;
  readonly #child: ChildProcess;
  readonly #closed: Promise<void>;
  readonly #reader = new FrameReader();
  readonly #waiting = new Map<number, Waiting>();
  readonly #limits: HostLimits;
  #broken: HostAnswer | undefined;

  constructor(
    commandLine: readonly string[],
    { cwd, limits }: { readonly cwd: string; readonly limits: HostLimits },
  ) {
    const [command = "", ...args] = commandLine;
    this.#limits = limits;
    // What a solution prints goes nowhere, so it can neither flood nor forge anything with it.
    this.#child = spawn(command, args, {
      cwd,
      env: {},
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    });
    this.#closed = new Promise((resolve) => {
      this.#child.once("close", () => resolve()).once("error", () => resolve());
    });
    this.hasStarted = this.#expect(HELLO_ID, limits.startMs).then(
      ({ kind }) => kind === "answered",
    );
    this.loaded = this.#expect(LOAD_ID, limits.startMs);
    this.#listen();
  }

  async request(frame: Frame): Promise<HostAnswer> {
    if (this.#broken !== undefined) return this.#broken;
    const answer = this.#expect(frame.id, this.#limits.callMs);
    this.#channel?.write(encodeFrame(frame));
    return await answer;
  }

  /** Ends the process at once and waits until it and what it runs in are gone. */
  async stop(): Promise<void> {
    this.#break("The solution's process was stopped.", false);
    await this.#closed;
  }

  get #channel(): Duplex | undefined {
    const channel = this.#child.stdio[CHANNEL_FD];
    return channel instanceof Duplex ? channel : undefined;
  }

  #listen(): void {
    this.#child
      .once("error", (error) =>
        this.#break(`The solution's process did not start: ${error.message}.`, false),
      )
      .once("close", (code, signal) =>
        this.#break(`The solution's process ended (${signal ?? `exit code ${code}`}).`, false),
      );
    // A broken pipe is told by the process's end.
    this.#channel
      ?.on("error", () => undefined)
      .on("data", (chunk: Uint8Array) => this.#receive(chunk));
  }

  #receive(chunk: Uint8Array): void {
    if (this.#broken !== undefined) return;
    try {
      for (const { id, payload } of this.#reader.push(chunk)) this.#settle(id, payload);
    } catch (error) {
      this.#break(error instanceof Error ? error.message : String(error), false);
    }
  }

  #settle(id: number, payload: Uint8Array): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) {
      this.#break("The solution's process said something that it was not asked.", false);
      return;
    }
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    waiting.settle({ kind: "answered", payload });
    if (id !== HELLO_ID) return;
    this.#rearm(LOAD_ID, this.#limits.loadMs);
    this.#channel?.write(encodeFrame({ id: LOAD_ID, payload: new Uint8Array() }));
  }

  #expect(id: number, timeoutMs: number): Promise<HostAnswer> {
    return new Promise((settle) => {
      this.#waiting.set(id, { settle, timer: this.#breakAfter(timeoutMs) });
    });
  }

  #rearm(id: number, timeoutMs: number): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    clearTimeout(waiting.timer);
    this.#waiting.set(id, { settle: waiting.settle, timer: this.#breakAfter(timeoutMs) });
  }

  #breakAfter(timeoutMs: number): NodeJS.Timeout {
    return setTimeout(
      () => this.#break(`The solution did not answer within ${timeoutMs / 1000} s.`, true),
      timeoutMs,
    );
  }

  #break(reason: string, hasHung: boolean): void {
    if (this.#broken !== undefined) return;
    this.#broken = { kind: "broken", reason, hasHung };
    for (const { settle, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      settle(this.#broken);
    }
    this.#waiting.clear();
    this.#child.kill("SIGKILL");
    // Whoever outlives the signal, e.g. below a bubblewrap that had only begun, ends with its channel;
    // the channel closes when the last of them is gone.
    this.#channel?.end();
    setTimeout(() => this.#channel?.destroy(), CLOSE_MS_MAX).unref();
  }
}
