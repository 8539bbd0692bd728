import type { ServerResponse } from "node:http";

import type { Dispatcher } from "undici";

import { BROKEN_OFF, BUDGET_CUT } from "../../../ledger/domain/request-fate.ts";
import type { Refusal } from "./admission.ts";
import { type Breakable, CLOSED } from "./attempts.ts";
import { UsageHider } from "./chat-usage/hide-usage.ts";
import { type AnswerReading, tokensOfBytes } from "./dialects/dialect.ts";
import { endOfLastEvent } from "./event-ends.ts";
import { type Exchange, endOfCall } from "./exchange.ts";
import { type AnswerHead, answerHead, withoutLength } from "./headers.ts";
import { type AnswerMetering, meterAnswer } from "./metering/meter-answer.ts";
import { readLimitReset, readMeters } from "./meters/read-meters.ts";
import { failure, giveAnswer, hardStop, requestIdOf } from "./own-answer.ts";
import type { ProxyContext } from "./proxy.ts";
import type { ExchangeRecorder } from "./recording/record.ts";
import type { Destination } from "./routes/route.ts";

/** Bytes that the proxy reads for the usage after the client has left. */
const DRAIN_BYTES_MAX = 16 * 1024 * 1024;
const CLIENT_ERROR = 400;
const BAD_GATEWAY = 502;
const TOO_MANY_REQUESTS = 429;
const JOINED_BYTES_MAX = 32 * 1024;

type Controller = Dispatcher.DispatchController;
type ResponseStart = Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>;

/** An answer whose head has come. */
interface Answer {
  readonly status: number;
  readonly upstreamRequestId: string | null;
  readonly isEventStream: boolean;
  /** Null if no meter reads answers of this form. */
  readonly metering: AnswerMetering | null;
  bytes: number;
  /** Null if no budget can end the stream. */
  readonly cut: StreamCut | null;
  /** Null if every event passes. */
  readonly hider: UsageHider | null;
}

type Phase =
  /** The request waits for a connection. If none is made, nothing of the request has been sent. */
  | { readonly at: "queued" }
  | { readonly at: "sent"; readonly controller: Controller }
  | { readonly at: "answering"; readonly controller: Controller; readonly answer: Answer }
  | { readonly at: "ended" };

/** What a call needs besides the exchange and the context. */
interface CallParts {
  readonly response: ServerResponse;
  readonly destination: Destination;
  readonly reservation: string | null;
  readonly recording: ExchangeRecorder | null;
  /** Whether the proxy asked for the usage of a Chat stream, and its client did not. */
  readonly hidesUsage: boolean;
}

/** Passes an answer from the upstream to the client, a chunk at a time, and a copy to the meter. */
export class UpstreamCall implements Dispatcher.DispatchHandler, Breakable {
  readonly #context: ProxyContext;
  readonly #exchange: Exchange;
  readonly #parts: CallParts;
  #phase: Phase = { at: "queued" };
  /** Set when the client has left before the end. */
  #drain: { readonly timer: NodeJS.Timeout; bytes: number } | null = null;
  #firstByteMonotonicMs: number | null = null;
  /** Chunks that arrived in this turn of the event loop and have not passed yet. */
  #arrived: Buffer[] = [];
  readonly #passArrived = (): void => this.#pass();

  constructor(context: ProxyContext, exchange: Exchange, parts: CallParts) {
    this.#context = context;
    this.#exchange = exchange;
    this.#parts = parts;
    const { response } = parts;
    response.on("drain", () => this.#resume());
    response.once("close", () => {
      if (!response.writableFinished) this.#onClientLeft();
    });
  }

  breakOff(): void {
    this.#giveUp(new Stopped(BROKEN_OFF, CLOSED));
  }

  onRequestStart(controller: Controller): void {
    if (this.#phase.at === "ended") controller.abort(new ClientLeft());
    else this.#phase = { at: "sent", controller };
  }

  onResponseStart(...[controller, status, , statusMessage]: ResponseStart): void {
    if (status < 200 || this.#phase.at === "ended") return;
    const { response, recording } = this.#parts;
    const raw = rawHeaders(controller);
    const head = answerHead(raw, requestIdOf(this.#exchange.opening));
    this.#readMeters(raw);
    if (status === TOO_MANY_REQUESTS) {
      const nowMs = this.#context.clock.nowMs();
      this.#exchange.opening.attempt.limitResetMs = readLimitReset(raw, nowMs);
    }
    recording?.head(status, raw);
    const answer = this.#open(status, head);
    this.#phase = { at: "answering", controller, answer };
    if (this.#drain !== null) return;
    const headers = answer.hider === null ? head.headers : withoutLength(head.headers);
    response.writeHead(status, statusMessage ?? "", [...headers]);
    // A head without a body is sent alone. If the body has begun, both share a packet.
    process.nextTick(() => {
      if (this.#firstByteMonotonicMs === null) response.flushHeaders();
    });
  }

  /** Small chunks often arrive in one turn of the event loop; they are read and written as one. */
  onResponseData(_controller: Controller, chunk: Buffer): void {
    if (this.#phase.at === "ended") return;
    this.#firstByteMonotonicMs ??= this.#context.clock.monotonicMs();
    if (this.#arrived.length === 0) process.nextTick(this.#passArrived);
    this.#arrived.push(chunk);
  }

  onResponseEnd(): void {
    this.#end(null);
  }

  onResponseError(_controller: Controller | null, error: Error): void {
    this.#end(error);
  }

  /** The meters of another upstream than the attempt's own say nothing about its plan. */
  #readMeters(raw: readonly string[]): void {
    if (this.#parts.destination.rule !== null) return;
    const { attempt } = this.#exchange.opening;
    attempt.readMeters(readMeters(raw, this.#context.clock.nowMs()));
  }

  #open(status: number, { contentType, contentEncoding, upstreamRequestId }: AnswerHead): Answer {
    const { dialect } = this.#exchange.opening;
    const { hostname } = this.#parts.destination.address;
    const meter = this.#isMetered() ? dialect?.newMeter(hostname) : undefined;
    const onDrain = (): void => this.#resume();
    const metering =
      meter === undefined ? null : meterAnswer(meter, { contentType, contentEncoding, onDrain });
    const isEventStream = contentType.startsWith("text/event-stream");
    // The proxy can't add an event to a stream that came compressed against its wish.
    const isPlain = contentEncoding === "" || contentEncoding === "identity";
    const isHidden = this.#parts.hidesUsage && isPlain && status < CLIENT_ERROR;
    const hider = isHidden ? new UsageHider() : null;
    const cut = metering !== null && isPlain ? this.#watchBudgets(metering) : null;
    return { status, upstreamRequestId, isEventStream, metering, bytes: 0, cut, hider };
  }

  #isMetered(): boolean {
    const { kind, polled } = this.#exchange.opening;
    return kind === "model" || polled !== undefined;
  }

  #watchBudgets({ meter, isEvents }: AnswerMetering): StreamCut | null {
    const { admission } = this.#context;
    const { reservation } = this.#parts;
    if (admission.observe === undefined || reservation === null) return null;
    return new StreamCut(() => {
      if (!isEvents()) return null;
      const reading = meter.reading();
      return reading.isComplete ? null : (admission.observe?.(reservation, reading) ?? null);
    });
  }

  #pass(): void {
    const arrived = this.#arrived;
    this.#arrived = [];
    for (const bytes of joined(arrived)) this.#passBytes(bytes);
    for (const { length } of arrived) this.#context.youngBuffers.passed(length);
  }

  #passBytes(bytes: Buffer): void {
    if (this.#phase.at !== "answering") return;
    const { response, recording } = this.#parts;
    const { controller, answer } = this.#phase;
    recording?.chunk(bytes);
    answer.bytes += bytes.length;
    answer.metering?.copy.write(bytes);
    if (this.#drain === null) this.#show(bytes, answer);
    else {
      this.#drain.bytes += bytes.length;
      if (this.#drain.bytes > DRAIN_BYTES_MAX) return this.#giveUp(new ClientLeft());
    }
    if (response.writableNeedDrain || answer.metering?.copy.isBehind === true) controller.pause();
  }

  #show(bytes: Buffer, { hider, cut }: Answer): void {
    const shown = hider?.pass(bytes) ?? bytes;
    const stop = cut?.cutIn(shown) ?? null;
    if (stop !== null) this.#stopStream(shown.subarray(0, stop.passingBytes), stop.refusal);
    else if (shown.length > 0) this.#parts.response.write(shown);
  }

  /** Resumes the upstream, unless the client or the meter is still behind. */
  #resume(): void {
    if (this.#phase.at !== "answering") return;
    const { controller, answer } = this.#phase;
    const isBehind = answer.metering?.copy.isBehind === true;
    if (!isBehind && !this.#parts.response.writableNeedDrain) controller.resume();
  }

  /** Sends the bytes before the cut. The event that stops the client follows at the end. */
  #stopStream(passing: Buffer, refusal: Refusal): void {
    if (passing.length > 0) this.#parts.response.write(passing);
    this.#exchange.opening.attempt.refuse(refusal);
    this.#giveUp(new Stopped(BUDGET_CUT, refusal));
  }

  /** The usage comes last, so the proxy reads a metered answer on for a while. */
  #onClientLeft(): void {
    if (this.#phase.at === "ended") return;
    const { drainMs } = this.#context;
    const timer = setTimeout(() => this.#giveUp(new ClientLeft()), drainMs);
    this.#drain = { timer, bytes: 0 };
    if (!this.#isMetered() || drainMs === 0) this.#giveUp(new ClientLeft());
    else this.#resume();
  }

  #giveUp(reason: Error): void {
    if ("controller" in this.#phase) this.#phase.controller.abort(reason);
    this.#end(reason);
  }

  #end(error: Error | null): void {
    this.#pass();
    const phase = this.#phase;
    if (phase.at === "ended") return;
    this.#phase = { at: "ended" };
    clearTimeout(this.#drain?.timer);
    this.#parts.recording?.end(error === null);
    const answer = phase.at === "answering" ? phase.answer : null;
    const isSent = phase.at !== "queued";
    const copy = answer?.metering?.copy;
    if (copy === undefined) this.#settle(answer, error, isSent);
    else copy.end(() => this.#settle(answer, error, isSent));
  }

  #settle(answer: Answer | null, error: Error | null, isSent: boolean): void {
    const isClientGone = this.#drain !== null;
    const isModelRequest = this.#exchange.opening.kind === "model";
    const status = answer?.status ?? null;
    const reading = readingOf(answer);
    const facts = { isModelRequest, isSent, status, failure: error, isClientGone, reading };
    const end = endOfCall(facts);
    this.#exchange.settle({
      ...end,
      reading: reading ?? (isModelRequest ? readingOfUnread(answer) : null),
      refusal: null,
      isClientGone,
      firstByteMonotonicMs: this.#firstByteMonotonicMs,
      upstreamRequestId: answer?.upstreamRequestId ?? null,
    });
    if (isClientGone) return;
    const isCut = end.error === "answer_incomplete";
    if (answer === null) this.#answerInstead(error);
    else this.#finishAnswer(answer, error, isCut);
  }

  #finishAnswer({ isEventStream, hider }: Answer, error: Error | null, isCut: boolean): void {
    const { response } = this.#parts;
    const rest = hider?.rest();
    if (rest !== undefined && rest.length > 0 && !(error instanceof Stopped)) response.write(rest);
    if (error instanceof Stopped && error.code === BUDGET_CUT) {
      response.end(this.#exchange.opening.dialect?.streamStop(error.refusal.sentence));
    } else if (error === null && !(isCut && isEventStream)) response.end();
    // The client gets what came, but not as a whole answer: some clients would continue for ever.
    else response.socket?.destroySoon();
  }

  #answerInstead(error: Error | null): void {
    const { opening } = this.#exchange;
    const answer =
      error instanceof Stopped
        ? hardStop(opening.dialect, error.refusal.sentence)
        : failure(opening.dialect, BAD_GATEWAY, "The model's server gave no answer.");
    giveAnswer(this.#parts.response, answer, requestIdOf(opening));
  }
}

/** What a meter has read; null if no meter reads such an answer. */
function readingOf(answer: Answer | null): AnswerReading | null {
  const metering = answer?.metering ?? null;
  return metering === null || metering.isUnread() ? null : metering.meter.reading();
}

/** The size of a model's answer in a form that no meter reads. */
function readingOfUnread(answer: Answer | null): AnswerReading | null {
  if (answer === null || answer.status >= CLIENT_ERROR) return null;
  const outputEstimate = tokensOfBytes(answer.bytes);
  return { model: null, usage: null, isComplete: false, outputEstimate, error: null };
}

/** The client closed its connection before the end. */
class ClientLeft extends Error {
  readonly code = "client_left";
}

/** The proxy ends the request itself. */
class Stopped extends Error {
  readonly code: typeof BROKEN_OFF | typeof BUDGET_CUT;
  readonly refusal: Refusal;

  constructor(code: Stopped["code"], refusal: Refusal) {
    super(refusal.sentence);
    this.code = code;
    this.refusal = refusal;
  }
}

/** Joins small pieces. For large ones, copying costs more than writing them one by one. */
function joined(pieces: readonly Buffer[]): readonly Buffer[] {
  if (pieces.length < 2) return pieces;
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  return bytes > JOINED_BYTES_MAX ? pieces : [Buffer.concat(pieces, bytes)];
}

function rawHeaders({ rawHeaders: raw }: Controller): string[] {
  return Array.isArray(raw) ? raw.map((text) => text.toString("latin1")) : [];
}

/** The longest end of an event: two line ends of two bytes, less the last byte. */
const TAIL_BYTES = 3;

/**
 * Watches a running stream until a budget ends it. An event that has begun is sent completely:
 * a client would report a part of an event as a broken connection.
 */
class StreamCut {
  readonly #look: () => Refusal | null;
  #refusal: Refusal | null = null;
  #tail: Buffer = Buffer.alloc(0);

  constructor(look: () => Refusal | null) {
    this.#look = look;
  }

  /** How many of these bytes still pass, and the refusal; null if the stream continues after them. */
  cutIn(chunk: Buffer) {
    this.#refusal ??= this.#look();
    const refusal = this.#refusal;
    const bytes = Buffer.concat([this.#tail, chunk]);
    const end = refusal === null ? -1 : endOfLastEvent(bytes);
    const passingBytes = Math.max(0, end - this.#tail.length);
    this.#tail = bytes.subarray(-TAIL_BYTES);
    return refusal === null || end === -1 ? null : { passingBytes, refusal };
  }
}
