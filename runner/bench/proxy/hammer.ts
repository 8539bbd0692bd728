import { connect, type Socket } from "node:net";

import { systemClock } from "../../platform/environment/environment.ts";

export interface Hammering {
  readonly port: number;
  readonly path: string;
  readonly body: Buffer;
  /** Requests that are under way at once, each on a connection of its own. */
  readonly connections: number;
  readonly durationMs: number;
  /** Ends earlier, after so many requests on every connection. */
  readonly requestsEach?: number;
  /** Ends it after the requests that are under way. */
  readonly signal?: AbortSignal;
  /** The model name, if it decides where a request goes. */
  readonly host?: string;
  /** How a connection is made, where it is not a plain one to the port. */
  readonly open?: () => Promise<Socket>;
}

export interface HammerFigures {
  readonly requests: number;
  readonly perSecond: number;
  /** To the first byte of the answer's body, ms, sorted. */
  readonly firstByteMs: readonly number[];
  readonly totalMs: readonly number[];
  /** The longest pause within each answer, ms, sorted. */
  readonly largestGapMs: readonly number[];
}

interface Shot {
  readonly firstByteMs: number;
  readonly totalMs: number;
  readonly largestGapMs: number;
}

const monotonicMs = (): number => systemClock.monotonicMs();
const SILENCE_MS = 120_000;
const HEAD_END = "\r\n\r\n";
const CHUNKS_END = Buffer.from("0\r\n\r\n");

/**
 * Sends one request after the other on each connection, as plainly as sockets allow: the load
 * shares the machine with what it measures.
 */
export async function hammer(hammering: Hammering): Promise<HammerFigures> {
  const { path, body, connections, durationMs, host = "127.0.0.1" } = hammering;
  const head = `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${String(body.length)}\r\n\r\n`;
  const request = Buffer.concat([Buffer.from(head), body]);
  const startedMs = monotonicMs();
  const shots = await Promise.all(
    Array.from({ length: connections }, async () =>
      shootUntil(startedMs + durationMs, request, hammering),
    ),
  );
  const seconds = (monotonicMs() - startedMs) / 1000;
  const all = shots.flat();
  const sorted = (part: keyof Shot) => all.map((shot) => shot[part]).toSorted((a, b) => a - b);
  return {
    requests: all.length,
    perSecond: all.length / seconds,
    firstByteMs: sorted("firstByteMs"),
    totalMs: sorted("totalMs"),
    largestGapMs: sorted("largestGapMs"),
  };
}

/** The value that a share of sorted values does not pass. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function shootUntil(
  endMs: number,
  request: Buffer,
  { port, requestsEach = Infinity, signal, open }: Hammering,
): Promise<readonly Shot[]> {
  const socket = (await open?.()) ?? connect({ port, host: "127.0.0.1", noDelay: true });
  // Somebody who gives no answer ends the bench, not only its figures.
  socket.setTimeout(SILENCE_MS, () => socket.destroy());
  const shots: Shot[] = [];
  try {
    // oxlint-disable-next-line no-unmodified-loop-condition -- others abort it
    while (monotonicMs() < endMs && shots.length < requestsEach && signal?.aborted !== true) {
      shots.push(await shoot(socket, request));
    }
  } finally {
    socket.destroy();
  }
  return shots;
}

async function shoot(socket: Socket, request: Buffer): Promise<Shot> {
  return await new Promise((resolve, reject) => {
    const answer = new AnswerWatch();
    const onData = (chunk: Buffer): void => {
      if (!answer.take(chunk)) return;
      socket.off("data", onData).off("error", reject).off("close", onClose);
      resolve(answer.shot());
    };
    const onClose = (): void => reject(new Error("The connection was closed."));
    socket.on("data", onData).once("error", reject).once("close", onClose);
    socket.write(request);
  });
}

/** Finds the end of one answer, and the times at which its parts arrived. */
class AnswerWatch {
  readonly #startedMs = monotonicMs();
  #head: Buffer | null = Buffer.alloc(0);
  /** null: the body is chunked. */
  #bytesLeft: number | null = null;
  #tail = Buffer.alloc(0);
  #firstByteMs = Number.NaN;
  #lastByteMs = 0;
  #largestGapMs = 0;

  /** Returns true with the answer's last byte. */
  take(chunk: Buffer): boolean {
    if (this.#head === null) return this.#takeBody(chunk);
    this.#head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    const end = this.#head.indexOf(HEAD_END);
    if (end === -1) return false;
    const head = this.#head.toString("latin1", 0, end);
    if (!head.startsWith("HTTP/1.1 200")) throw new Error(`Unexpected answer: ${head}`);
    const body = this.#head.subarray(end + HEAD_END.length);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head);
    this.#bytesLeft = length === null ? null : Number(length[1]);
    this.#head = null;
    return body.length > 0 && this.#takeBody(body);
  }

  shot(): Shot {
    const totalMs = monotonicMs() - this.#startedMs;
    return { firstByteMs: this.#firstByteMs, totalMs, largestGapMs: this.#largestGapMs };
  }

  #takeBody(chunk: Buffer): boolean {
    const nowMs = monotonicMs();
    if (Number.isNaN(this.#firstByteMs)) this.#firstByteMs = nowMs - this.#startedMs;
    else this.#largestGapMs = Math.max(this.#largestGapMs, nowMs - this.#lastByteMs);
    this.#lastByteMs = nowMs;
    if (this.#bytesLeft !== null) {
      this.#bytesLeft -= chunk.length;
      return this.#bytesLeft <= 0;
    }
    this.#tail = Buffer.concat([this.#tail, chunk]).subarray(-CHUNKS_END.length);
    return this.#tail.equals(CHUNKS_END);
  }
}
