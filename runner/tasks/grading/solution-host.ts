import { Duplex } from "node:stream";

import { execa } from "execa";

import type { Clock } from "../../../ledger/domain/clock.ts";
import { reasonOf } from "../../../ledger/domain/errors.ts";
import {
  type Frame,
  FrameReader,
  HELLO_ID,
  LOAD_ID,
  STRIP_ID,
  encodeFrame,
} from "./host/frames.ts";
import { OwnTime, SAMPLE_GAP_MS_MAX, readProcessTree } from "./own-time.ts";

/** The host's answer to a request, as unread bytes, or the reason why none came. */
export type HostAnswer =
  | { readonly kind: "answered"; readonly payload: Uint8Array }
  | { readonly kind: "broken"; readonly reason: string; readonly cause: BrokenBy };

/** A solution that hung took its whole limit itself. A starved one was kept from running. */
type BrokenBy = "ended" | "hung" | "starved";

/** In milliseconds of the host's own time. */
export interface HostLimits {
  /** For Node to start, before any code of the solution runs. */
  readonly startMs: number;
  /** For the solution's module to load. */
  readonly loadMs: number;
  readonly callMs: number;
}

interface Waiting {
  readonly settle: (answer: HostAnswer) => void;
  limitMs: number;
  sinceMs: number;
  ownMs: number;
}

/** The wall limit is so many times the limit of own time. It only guards against hangs. */
export const WALL_FACTOR = 10;

const CHANNEL_FD = 3;
const CLOSE_MS_MAX = 3000;

export interface HostPlace {
  readonly cwd: string;
  /** The module is loaded when this is done. It is asked for when the host has started. */
  readonly mayLoad: () => Promise<void>;
  readonly limits: HostLimits;
  readonly clock: Pick<Clock, "monotonicMs">;
}

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
  readonly #mayLoad: () => Promise<void>;
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #ownTime = new OwnTime(SAMPLE_GAP_MS_MAX);
  #broken: HostAnswer | undefined;

  constructor(commandLine: readonly string[], { cwd, limits, clock, mayLoad }: HostPlace) {
    this.#limits = limits;
    this.#mayLoad = mayLoad;
    this.#clock = clock;
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
    return await this.#ask(frame, this.#limits.callMs);
  }

  /** The solution's files without their types, as JSON. Only for a host that has not loaded them. */
  async strip(): Promise<HostAnswer> {
    await this.hasStarted;
    return await this.#ask({ id: STRIP_ID, payload: new Uint8Array() }, this.#limits.loadMs);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Whether an answer is outstanding. */
  get isAsked(): boolean {
    return this.#waiting.size > 0;
  }

  /**
   * Ends the host if an answer is overdue. Call it at short intervals.
   * @returns the host's own time since the last call.
   */
  sample(): number {
    const nowMs = this.#clock.monotonicMs();
    const ownMs = this.#ownTime.sample(nowMs, readProcessTree(this.pid));
    for (const [id, waiting] of this.#waiting) {
      waiting.ownMs += Math.min(ownMs, nowMs - waiting.sinceMs);
      // If this process was itself stopped, the answer may be there and unread.
      if (isOverdue(waiting, nowMs)) setImmediate(() => this.#giveUp(id));
    }
    return ownMs;
  }

  /** Ends the process at once and waits until it and what it runs in are gone. */
  async stop(): Promise<void> {
    this.#break("The solution's process was stopped.", "ended");
    await this.#ended;
  }

  async #ask(frame: Frame, limitMs: number): Promise<HostAnswer> {
    if (this.#broken !== undefined) return this.#broken;
    const answer = this.#expect(frame.id, limitMs);
    this.#channel?.write(encodeFrame(frame));
    return await answer;
  }

  #giveUp(id: number): void {
    const waiting = this.#waiting.get(id);
    const nowMs = this.#clock.monotonicMs();
    if (waiting === undefined || !isOverdue(waiting, nowMs)) return;
    const { ownMs, limitMs, sinceMs } = waiting;
    if (ownMs >= limitMs) {
      const reason = `The solution did not answer within ${limitMs / 1000} s of its own time.`;
      this.#break(reason, "hung");
    } else {
      const [used, wall] = [ownMs, nowMs - sinceMs].map((ms) => `${(ms / 1000).toFixed(1)} s`);
      const reason = `The machine gave the solution's process ${used} in ${wall}.`;
      this.#break(reason, "starved");
    }
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
    this.#break(`The solution's process ${end}.`, "ended");
  }

  #receive(chunk: Uint8Array): void {
    if (this.#broken !== undefined) return;
    try {
      for (const { id, payload } of this.#reader.push(chunk)) this.#settle(id, payload);
    } catch (error) {
      this.#break(reasonOf(error), "ended");
    }
  }

  #settle(id: number, payload: Uint8Array): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) {
      this.#break("The solution's process sent an unexpected message.", "ended");
      return;
    }
    this.#waiting.delete(id);
    waiting.settle({ kind: "answered", payload });
    if (id === HELLO_ID) void this.#mayLoad().then(() => this.#load());
  }

  #load(): void {
    this.#rearm(LOAD_ID, this.#limits.loadMs);
    this.#channel?.write(encodeFrame({ id: LOAD_ID, payload: new Uint8Array() }));
  }

  #expect(id: number, limitMs: number): Promise<HostAnswer> {
    return new Promise((settle) => {
      const sinceMs = this.#clock.monotonicMs();
      this.#waiting.set(id, { settle, limitMs, sinceMs, ownMs: 0 });
    });
  }

  #rearm(id: number, limitMs: number): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    Object.assign(waiting, { limitMs, sinceMs: this.#clock.monotonicMs(), ownMs: 0 });
  }

  #break(reason: string, cause: BrokenBy): void {
    if (this.#broken !== undefined) return;
    this.#broken = { kind: "broken", reason, cause };
    for (const { settle } of this.#waiting.values()) settle(this.#broken);
    this.#waiting.clear();
    this.#process.kill("SIGKILL");
    // A process can outlive the signal, e.g. below a bubblewrap that had only just started. It ends when
    // its channel ends, and the channel closes when the last such process is gone.
    this.#channel?.end();
    setTimeout(() => this.#channel?.destroy(), CLOSE_MS_MAX).unref();
  }
}

function isOverdue({ limitMs, sinceMs, ownMs }: Waiting, nowMs: number): boolean {
  return ownMs >= limitMs || nowMs - sinceMs >= limitMs * WALL_FACTOR;
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
