import { Duplex } from "node:stream";

import { execa } from "execa";

import { type Frame, FrameReader, HELLO_ID, LOAD_ID, encodeFrame } from "./host/frames.ts";

/** The host's answer to a request, as unread bytes, or the reason why none came. */
export type HostAnswer =
  | { readonly kind: "answered"; readonly payload: Uint8Array }
  | { readonly kind: "broken"; readonly reason: string; readonly hasHung: boolean };

export interface HostLimits {
  /** For Node to start, before any code of the solution runs. */
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

/** A process that holds a solution, and the only channel to it. It serves one scenario. */
export class SolutionHost {
  /** False if the host's own code never ran. The solution is not to blame for that. */
  readonly hasStarted: Promise<boolean>;
  readonly loaded: Promise<HostAnswer>;
  readonly #process: ReturnType<typeof startProcess>;
  readonly #ended: Promise<void>;
  readonly #reader = new FrameReader();
  readonly #waiting = new Map<number, Waiting>();
  readonly #limits: HostLimits;
  #broken: HostAnswer | undefined;

  constructor(
    commandLine: readonly string[],
    { cwd, limits }: { readonly cwd: string; readonly limits: HostLimits },
  ) {
    this.#limits = limits;
    this.#process = startProcess(commandLine, cwd);
    this.hasStarted = this.#expect(HELLO_ID, limits.startMs).then(
      ({ kind }) => kind === "answered",
    );
    this.loaded = this.#expect(LOAD_ID, limits.startMs);
    // A broken pipe shows as the end of the process.
    this.#channel
      ?.on("error", () => undefined)
      .on("data", (chunk: Uint8Array) => this.#receive(chunk));
    this.#ended = this.#watchEnd();
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
    await this.#ended;
  }

  get #channel(): Duplex | undefined {
    const channel = this.#process.stdio[CHANNEL_FD];
    return channel instanceof Duplex ? channel : undefined;
  }

  async #watchEnd(): Promise<void> {
    const { exitCode, signal, originalMessage } = await this.#process;
    const hasStarted = exitCode !== undefined || signal !== undefined;
    const end = hasStarted
      ? `ended (${signal ?? `exit code ${exitCode}`})`
      : `did not start: ${originalMessage}`;
    this.#break(`The solution's process ${end}.`, false);
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
      this.#break("The solution's process sent an unexpected message.", false);
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
    this.#process.kill("SIGKILL");
    // A process can outlive the signal, e.g. below a bubblewrap that had only just started. It ends when
    // its channel ends, and the channel closes when the last such process is gone.
    this.#channel?.end();
    setTimeout(() => this.#channel?.destroy(), CLOSE_MS_MAX).unref();
  }
}

function startProcess(commandLine: readonly string[], cwd: string) {
  const [command = "", ...args] = commandLine;
  return execa(command, args, {
    cwd,
    env: {},
    extendEnv: false,
    // What a solution prints is thrown away, so it can neither flood nor forge anything with it.
    stdio: ["ignore", "ignore", "ignore", "pipe"],
    buffer: false,
    reject: false,
  });
}
