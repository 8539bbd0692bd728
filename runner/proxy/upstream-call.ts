import type { ServerResponse } from "node:http";

import type { Dispatcher } from "undici";

import { CLOSED } from "./attempts.ts";
import type { AnswerMeter } from "./dialects/dialect.ts";
import { endingOf } from "./exchange-ending.ts";
import type { Breakable, Exchange } from "./exchange.ts";
import { type AnswerCopy, openAnswerCopy } from "./metering/answer-copy.ts";
import { readMeters } from "./meters/read-meters.ts";
import { failure, giveAnswer, hardStop } from "./own-answer.ts";
import { type ProxyContext, settleExchange } from "./proxy-context.ts";
import { requestIdOf } from "./request-id.ts";
import { type AnswerHead, answerHead } from "./response-headers.ts";
import { StreamCut } from "./stream-cut.ts";

/** Bytes that are read for their usage after the client has gone. */
const DRAIN_BYTES_MAX = 16 * 1024 * 1024;
const BAD_GATEWAY = 502;
const JOINED_BYTES_MAX = 32 * 1024;

type ResponseStart = Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>;

/** Passes one answer from the upstream to the client, a chunk at a time, and its copy to the meter. */
export class UpstreamCall implements Dispatcher.DispatchHandler, Breakable {
  readonly #context: ProxyContext;
  readonly #exchange: Exchange;
  readonly #response: ServerResponse;
  #controller: Dispatcher.DispatchController | null = null;
  #meter: AnswerMeter | null = null;
  #copy: AnswerCopy | null = null;
  #cut: StreamCut | null = null;
  #isEventStream = false;
  #isClientBehind = false;
  #isCopyBehind = false;
  #drainedBytes = 0;
  #drainTimer: NodeJS.Timeout | undefined;
  #hasEnded = false;
  /** What has arrived in this turn of the event loop and is not passed on yet. */
  #arrived: Buffer[] = [];
  readonly #passArrived = (): void => this.#pass();

  constructor(context: ProxyContext, exchange: Exchange, response: ServerResponse) {
    this.#context = context;
    this.#exchange = exchange;
    this.#response = response;
    exchange.worker = this;
    response.on("drain", () => {
      this.#isClientBehind = false;
      this.#resumeIfBothKeepUp();
    });
    response.once("close", () => {
      if (!response.writableFinished) this.#onClientLeft();
    });
  }

  breakOff(): void {
    this.#giveUp();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#hasEnded) controller.abort(new GivenUp());
  }

  onResponseStart(...[controller, status, , statusMessage]: ResponseStart): void {
    if (status < 200 || this.#hasEnded) return;
    const { opening } = this.#exchange;
    const raw = rawHeaders(controller);
    const head = answerHead(raw, requestIdOf(opening));
    this.#readMeters(raw);
    this.#exchange.recording?.head(status, raw);
    this.#exchange.status = status;
    this.#exchange.upstreamRequestId = head.upstreamRequestId;
    if (opening.kind === "model") this.#openCopy(head);
    if (this.#exchange.isClientGone) return;
    this.#response.writeHead(status, statusMessage ?? "", [...head.headers]);
    // A head without a body yet is sent alone; one with a body goes out in the same packet.
    process.nextTick(() => {
      if (this.#exchange.firstByteMonotonicMs === null) this.#response.flushHeaders();
    });
  }

  /** Many small chunks often come at once; they are read and written as one, within the same turn. */
  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#hasEnded) return;
    this.#exchange.firstByteMonotonicMs ??= this.#context.clock.monotonicMs();
    if (this.#arrived.length === 0) process.nextTick(this.#passArrived);
    this.#arrived.push(chunk);
  }

  onResponseEnd(): void {
    this.#end(null);
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#end(error);
  }

  #pass(): void {
    const arrived = this.#arrived;
    this.#arrived = [];
    for (const bytes of joined(arrived)) this.#passBytes(bytes);
    for (const { length } of arrived) this.#context.youngBuffers.passed(length);
  }

  #passBytes(bytes: Buffer): void {
    if (this.#hasEnded) return;
    this.#exchange.recording?.chunk(bytes);
    this.#isCopyBehind = this.#copy?.write(bytes) === false;
    const { isClientGone } = this.#exchange;
    if (!isClientGone && this.#isCutIn(bytes)) return;
    this.#isClientBehind = !isClientGone && !this.#response.write(bytes);
    if (this.#isClientBehind || this.#isCopyBehind) this.#controller?.pause();
    if (isClientGone) this.#drain(bytes.length);
  }

  /** A routed request speaks of another vendor's meters than the attempt's own. */
  #readMeters(raw: readonly string[]): void {
    const { opening, destination } = this.#exchange;
    if (destination.rule !== null) return;
    opening.attempt.tellMeters(readMeters(raw, this.#context.clock.nowMs()));
  }

  #openCopy(head: AnswerHead): void {
    const { opening, destination } = this.#exchange;
    this.#meter = opening.dialect?.newMeter(destination.address.hostname) ?? null;
    this.#isEventStream = head.contentType.toLowerCase().startsWith("text/event-stream");
    this.#copy =
      this.#meter === null
        ? null
        : openAnswerCopy({
            contentType: head.contentType,
            contentEncoding: head.contentEncoding,
            meter: this.#meter,
            onDrain: () => {
              this.#isCopyBehind = false;
              this.#resumeIfBothKeepUp();
            },
          });
    if (this.#isEventStream) this.#cut = this.#watchBudgets(head);
  }

  /** A stream that is compressed all the same has no place for a word of ours. */
  #watchBudgets({ contentEncoding }: AnswerHead): StreamCut | null {
    const { admission } = this.#context;
    const { reservation } = this.#exchange;
    if (admission.observe === undefined || reservation === null) return null;
    if (contentEncoding !== "" && contentEncoding !== "identity") return null;
    return new StreamCut(() => {
      const reading = this.#meter?.reading();
      if (reading === undefined || reading.isComplete) return null;
      return admission.observe?.(reservation, reading) ?? null;
    });
  }

  /** Where a budget ends the stream: what came passes, then the event that stops the client. */
  #isCutIn(chunk: Buffer): boolean {
    const passing = this.#cut?.endIn(chunk) ?? null;
    const refusal = this.#cut?.refusal ?? null;
    if (passing === null || refusal === null) return false;
    if (passing > 0) this.#response.write(chunk.subarray(0, passing));
    this.#exchange.opening.attempt.refuse(refusal);
    const reason = new CutByBudget();
    this.#controller?.abort(reason);
    this.#end(reason);
    return true;
  }

  #resumeIfBothKeepUp(): void {
    if (!this.#isClientBehind && !this.#isCopyBehind) this.#controller?.resume();
  }

  /** The answer of a model is read on for a while, since its usage comes last. */
  #onClientLeft(): void {
    if (this.#hasEnded || this.#exchange.isSettled) return;
    this.#exchange.isClientGone = true;
    this.#isClientBehind = false;
    if (this.#exchange.opening.kind !== "model" || this.#context.drainMs === 0) {
      this.#giveUp();
      return;
    }
    this.#drainTimer = setTimeout(() => this.#giveUp(), this.#context.drainMs);
    this.#resumeIfBothKeepUp();
  }

  #drain(bytes: number): void {
    this.#drainedBytes += bytes;
    if (this.#drainedBytes > DRAIN_BYTES_MAX) this.#giveUp();
  }

  #giveUp(): void {
    const reason = new GivenUp();
    this.#controller?.abort(reason);
    this.#end(reason);
  }

  #end(error: Error | null): void {
    this.#pass();
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    clearTimeout(this.#drainTimer);
    this.#exchange.recording?.end(error === null);
    if (this.#copy === null) this.#settle(error);
    else this.#copy.end(() => this.#settle(error));
  }

  #settle(error: Error | null): void {
    const exchange = this.#exchange;
    const ending = endingOf({
      isModelRequest: exchange.opening.kind === "model",
      status: exchange.status,
      failure: error,
      isClientGone: exchange.isClientGone,
      isBrokenOff: exchange.isBrokenOff,
      reading: this.#copy === null ? null : (this.#meter?.reading() ?? null),
    });
    const hadHead = exchange.status !== null;
    if (!hadHead && ending.settlement === "unanswered") exchange.status = 0;
    settleExchange(this.#context, exchange, ending);
    if (exchange.isClientGone) return;
    if (error instanceof CutByBudget) this.#stopClient();
    else if (!hadHead) this.#answerInstead();
    else if (error === null && !(this.#isEventStream && ending.error === "answer_incomplete")) {
      this.#response.end();
    } else this.#cutShort();
  }

  #answerInstead(): void {
    const { opening, isBrokenOff } = this.#exchange;
    const answer = isBrokenOff
      ? hardStop(opening.dialect, CLOSED.sentence)
      : failure(opening.dialect, BAD_GATEWAY, "The model's server gave no answer.");
    giveAnswer(this.#response, answer, requestIdOf(opening));
  }

  #stopClient(): void {
    const sentence = this.#cut?.refusal?.sentence ?? CLOSED.sentence;
    this.#response.end(this.#exchange.opening.dialect?.streamStop(sentence));
  }

  /** What was received is delivered, but not as if it were whole: some clients never stop then. */
  #cutShort(): void {
    this.#response.socket?.destroySoon();
  }
}

/** The proxy's own reason to break a request off. */
class GivenUp extends Error {
  readonly code = "given_up";
}

/** A budget's end of a running stream. */
class CutByBudget extends Error {
  readonly code = "budget_cut";
}

/** Small pieces as one; copying large ones would cost more than writing them one by one. */
function joined(pieces: readonly Buffer[]): readonly Buffer[] {
  if (pieces.length < 2) return pieces;
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  return bytes > JOINED_BYTES_MAX ? pieces : [Buffer.concat(pieces, bytes)];
}

function rawHeaders(controller: Dispatcher.DispatchController): string[] {
  const raw = controller.rawHeaders;
  return Array.isArray(raw) ? raw.map((text) => text.toString("latin1")) : [];
}
