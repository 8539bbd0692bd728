import {
  readOpenaiBilling,
  readOpenaiCounts,
  readOpenaiSearches,
} from "../../../../ledger/sources/tokens/openai.ts";
import { errorCode, member, parseJson, textMember } from "../../../platform/json/json-value.ts";
import { type Dialect, GatheringMeter, type MeteredEvent, type OwnAnswer } from "./dialect.ts";

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
const WITHOUT_USAGE = /^response\.(?:in_progress|output_|content_part|function_call|reasoning)/;

/** Reads the usage of a Responses answer. A stream states it once, in its final event. */
export class OpenaiResponsesMeter extends GatheringMeter {
  readEvent({ event, data }: MeteredEvent): void {
    // Nearly all events are pieces of the answer's text. Their length is enough.
    if (event?.endsWith(".delta") === true) return this.addOutput(data);
    if (event !== undefined && WITHOUT_USAGE.test(event)) return;
    const document = parseJson(data);
    const type = member(document, "type");
    if (typeof type !== "string") return;
    if (FINAL.has(type)) this.#readResponse(member(document, "response"));
    else if (type === "response.created") {
      this.model = textMember(member(document, "response"), "model");
    } else if (type === "error") {
      this.error = readOpenaiError(document) ?? readOpenaiError({ error: document });
    } else if (type.endsWith(".delta")) this.addOutput(data);
  }

  readDocument(document: unknown): void {
    this.error = readOpenaiError(document);
    if (this.error === null) this.#readResponse(document);
    this.addDocument(document);
  }

  #readResponse(response: unknown): void {
    this.model = textMember(response, "model") ?? this.model;
    this.take(readOpenaiCounts(member(response, "usage"), "responses"));
    this.bill(readOpenaiBilling(response), readOpenaiSearches(response));
    this.isComplete = true;
    this.error = readOpenaiError(response) ?? this.error;
  }
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
