import {
  readOpenaiBilling,
  readOpenaiCounts,
  readOpenaiSearches,
} from "../../../../ledger/sources/tokens/openai.ts";
import { errorCode, member, parseJson, textMember } from "../../../platform/json/json-value.ts";
import {
  type AnswerReading,
  type Dialect,
  GatheringMeter,
  type MeteredEvent,
  type OwnAnswer,
} from "./dialect.ts";

/** Codex tries again after every other status. With 400 it shows the sentence. */
const HARD_STOP_STATUS = { chat: 402, responses: 400 };

/** The older Completions API answers in the same form. */
const CHAT = /\/(?:chat\/)?completions$/;
const RESPONSES = /(?:^|\/v\d+|\/codex|\/openai)\/responses(?:\/compact)?$/;
const COUNT_TOKENS = /(?:^|\/v\d+)\/responses\/input_tokens$/;

const VENDOR = {
  requestIdHeader: "x-request-id",
  convention: "cache_inside",
  failure: openaiError,
} as const;

/** OpenAI's Chat Completions API, also as other vendors offer it. */
export const openaiChat: Dialect = {
  ...VENDOR,
  name: "openai-chat",
  kindOf: (path) => (CHAT.test(path) ? "model" : null),
  outputLimits: ["max_tokens", "max_completion_tokens"],
  newMeter: () => new OpenaiChatMeter(),
  hardStop: (sentence) => openaiError(HARD_STOP_STATUS.chat, sentence),
  // Without the closing "[DONE]", because the answer is not whole.
  streamStop: (sentence) =>
    `data: ${JSON.stringify(openaiError(HARD_STOP_STATUS.chat, sentence).body)}\n\n`,
};

/** OpenAI's Responses API. */
export const openaiResponses: Dialect = {
  ...VENDOR,
  name: "openai-responses",
  kindOf: (path) =>
    RESPONSES.test(path) ? "model" : COUNT_TOKENS.test(path) ? "count_tokens" : null,
  outputLimits: ["max_output_tokens"],
  newMeter: () => new OpenaiResponsesMeter(),
  hardStop: (sentence) => openaiError(HARD_STOP_STATUS.responses, sentence),
  streamStop,
};

/** With this code, and few others, Codex neither tries again nor hides the sentence. */
const STOP_CODE = "invalid_prompt";

function streamStop(message: string): string {
  const error = { code: STOP_CODE, message };
  const response = { id: "resp_stopped", object: "response", status: "failed", error, output: [] };
  const data = JSON.stringify({ type: "response.failed", response });
  return `event: response.failed\ndata: ${data}\n\n`;
}

const DONE = "[DONE]";
/** A text would contain it with escaped quotes, so only a member can match. */
const WORTH_PARSING = /"(?:usage|error)"\s*:\s*\{|"finish_reason"\s*:\s*"/;

/**
 * Reads the usage of a Chat answer. A stream states it in its last chunk, and only if the request
 * asked for it: a stream without one is complete with unknown usage. If every chunk has a usage, the
 * last one counts.
 */
export class OpenaiChatMeter extends GatheringMeter {
  readEvent({ data }: MeteredEvent): void {
    if (data === DONE) {
      this.isComplete = true;
      return;
    }
    this.addOutput(data);
    if (this.model !== null && !WORTH_PARSING.test(data)) return;
    const chunk = parseJson(data);
    this.#readMembers(chunk);
    if (hasFinished(chunk)) this.isComplete = true;
  }

  readDocument(document: unknown): void {
    this.#readMembers(document);
    this.isComplete = this.error === null;
    this.addDocument(document);
  }

  #readMembers(chunk: unknown): void {
    this.model = textMember(chunk, "model") ?? this.model;
    const usage = member(chunk, "usage") ?? member(member(chunk, "x_groq"), "usage");
    this.take(readOpenaiCounts(usage, "chat"));
    this.bill(readOpenaiBilling(chunk), readOpenaiSearches(chunk));
    this.error = readOpenaiError(chunk) ?? this.error;
  }
}

function hasFinished(chunk: unknown): boolean {
  const choices = member(chunk, "choices");
  return (
    Array.isArray(choices) &&
    choices.some((choice: unknown) => typeof member(choice, "finish_reason") === "string")
  );
}

const FINAL = new Set(["response.completed", "response.incomplete", "response.failed"]);
const WITHOUT_USAGE = /^response\.(?:in_progress|content_part)/;

/** Reads the usage of a Responses answer. A stream states it once, in its final event. */
export class OpenaiResponsesMeter extends GatheringMeter {
  #runningId: string | undefined;

  readEvent({ event, data }: MeteredEvent): void {
    // Nearly all events are pieces of what the model wrote. Their length is enough.
    if (event !== undefined && this.#addPiece(event, data)) return;
    const document = parseJson(data);
    const type = member(document, "type");
    // An event that is cut off has no type.
    if (typeof type !== "string") return this.addOutput(data);
    if (FINAL.has(type)) this.#readFinal(member(document, "response"));
    else if (type === "response.created") {
      const response = member(document, "response");
      this.model = textMember(response, "model");
      // A stream of background work may end before the work does.
      if (member(response, "background") === true) this.#runningId = runningId(response);
    } else if (type === "error") {
      this.error = readOpenaiError(document) ?? readOpenaiError({ error: document });
    } else this.#addPiece(type, data);
  }

  readDocument(document: unknown): void {
    this.error = readOpenaiError(document);
    if (this.error === null) this.#readResponse(document);
    this.addDocument(document);
  }

  /** Counts an event that has only what the model wrote: a piece of it, a whole text, or a whole item. */
  #addPiece(type: string, data: string): boolean {
    if (type.endsWith(".delta")) this.addOutput(data);
    else if (type === "response.output_item.done") this.addRepeated("items", data);
    else if (type.endsWith(".done") && !WITHOUT_USAGE.test(type)) this.addRepeated("texts", data);
    else return WITHOUT_USAGE.test(type) || type === "response.output_item.added";
    return true;
  }

  #readFinal(response: unknown): void {
    this.#readResponse(response);
    const isStated = (this.usage?.output ?? 0) > 0;
    if (!isStated) this.addRepeated("whole", JSON.stringify(member(response, "output") ?? ""));
  }

  override reading(): AnswerReading {
    return { ...super.reading(), runningId: this.#runningId };
  }

  #readResponse(response: unknown): void {
    this.model = textMember(response, "model") ?? this.model;
    this.#runningId = runningId(response);
    this.take(readOpenaiCounts(member(response, "usage"), "responses"));
    this.bill(readOpenaiBilling(response), readOpenaiSearches(response));
    this.isComplete = true;
    this.error = readOpenaiError(response) ?? this.error;
  }
}

const ID = /^[\w.:-]{1,200}$/;

/** The id of a response that is not finished. */
function runningId(response: unknown): string | undefined {
  const status = textMember(response, "status");
  if (status !== "queued" && status !== "in_progress") return undefined;
  return ID.exec(textMember(response, "id") ?? "")?.[0];
}

function openaiError(status: number, message: string): OwnAnswer {
  const type = status < 500 ? "invalid_request_error" : "server_error";
  return { status, body: { error: { message, type, param: null, code: null } } };
}

/**
 * The name of an error in a document: its code, or its type if the code is a number or missing.
 * Null if the document has no error.
 */
function readOpenaiError(document: unknown): string | null {
  const error = member(document, "error") ?? null;
  return error === null
    ? null
    : errorCode(textMember(error, "code") ?? textMember(error, "type"), "unnamed_error");
}
