import { once } from "node:events";
import http from "node:http";
import type { IncomingMessage } from "node:http";
import https from "node:https";

import { reasonOf } from "../../../ledger/domain/errors.ts";
import { parseJson } from "../../platform/json/json-value.ts";
import { chatBody, readChatAnswer } from "./chat-form.ts";
import type { ModelPrompt } from "./model-prompt.ts";
import {
  type ModelAnswer,
  type MessageBlock,
  ErrorBody,
  readStream,
  readWhole,
} from "./read-answer.ts";
import { ApiFailure, retryAdvice } from "./retry.ts";

/** The model's address, and the agent's credential there. */
export interface Endpoint {
  /** Anthropic's Messages API or OpenAI's Chat Completions API. */
  readonly api: "messages" | "chat";
  /** Without a trailing slash and without `/v1`. */
  readonly baseUrl: string;
  readonly credential:
    | Readonly<Record<"x-api-key", string>>
    | Readonly<Record<"authorization", string>>;
}

const PATHS = { messages: "/v1/messages", chat: "/v1/chat/completions" } as const;

/** Slow models think for minutes before the first byte. After this time, waiting fails. */
const SILENCE_MS_MAX = 15 * 60_000;
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
const ERROR_BYTES_MAX = 64 * 1024;
const BODY_CHARACTERS_SHOWN = 500;

/** Asks the model once, and throws an ApiFailure if no answer comes. */
export async function requestAnswer(
  endpoint: Endpoint,
  prompt: ModelPrompt,
  signal: AbortSignal,
): Promise<ModelAnswer> {
  try {
    return await ask(endpoint, prompt, signal);
  } catch (error) {
    if (error instanceof ApiFailure || signal.aborted) throw error;
    const message = `The connection to ${endpoint.baseUrl} failed: ${reasonOf(error)}`;
    throw new ApiFailure(message, { isRetryable: true }, { cause: error });
  }
}

async function ask(
  endpoint: Endpoint,
  prompt: ModelPrompt,
  signal: AbortSignal,
): Promise<ModelAnswer> {
  const isChat = endpoint.api === "chat";
  const body = isChat ? chatBody(prompt) : requestBody(prompt);
  const answer = await send(endpoint, JSON.stringify(body), signal);
  const { statusCode = 0, headers } = answer;
  if (statusCode !== 200) {
    const sentence = readSentence(await readText(answer, ERROR_BYTES_MAX));
    throw new ApiFailure(`${statusCode} ${sentence}`.trim(), retryAdvice(statusCode, headers));
  }
  if (isChat) return readChatAnswer(await readText(answer, ANSWER_BYTES_MAX));
  const isStream = String(headers["content-type"]).startsWith("text/event-stream");
  return isStream ? readStream(answer) : readWhole(await readText(answer, ANSWER_BYTES_MAX));
}

/** Resolves when the answer's headers have come. */
async function send(
  { api, baseUrl, credential }: Endpoint,
  body: string,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { request } = baseUrl.startsWith("https:") ? https : http;
  const sent = request(`${baseUrl}${PATHS[api]}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      accept: "text/event-stream, application/json",
      ...(api === "messages" ? { "anthropic-version": "2023-06-01" } : {}),
      "user-agent": "counterbalance-agent",
      ...credential,
    },
    timeout: SILENCE_MS_MAX,
    signal,
  });
  // After the headers, the reader of the answer gets the error.
  sent.on("error", () => undefined);
  sent.on("timeout", () => sent.destroy(new Error("The server was silent for too long.")));
  sent.end(body);
  const [answer]: IncomingMessage[] = await once(sent, "response");
  if (answer === undefined) throw new Error("The server gave no answer.");
  return answer;
}

function requestBody(prompt: ModelPrompt): Readonly<Record<string, unknown>> {
  const { model, maxTokens, system, tools, messages } = prompt;
  return {
    model,
    max_tokens: maxTokens,
    stream: true,
    system: [{ type: "text", text: system }],
    tools: tools.map(({ name, description, inputSchema }) => ({
      name,
      description,
      input_schema: inputSchema,
    })),
    messages: messages.map((message, index) =>
      index === messages.length - 1
        ? { ...message, content: markForCache(message.content) }
        : message,
    ),
  };
}

/** The mark on the last block caches the whole prompt before it, so that turns stay cheap. */
function markForCache(content: readonly MessageBlock[]): readonly MessageBlock[] {
  return content.map((block, index) =>
    index === content.length - 1 ? { ...block, cache_control: { type: "ephemeral" } } : block,
  );
}

/** The server's message to a reader. Plain text, as gateways send it, stays as it came. */
function readSentence(text: string): string {
  const parsed = ErrorBody.safeParse(parseJson(text));
  return parsed.success ? parsed.data.error.message : text.slice(0, BODY_CHARACTERS_SHOWN);
}

/** The body's text. The rest of a longer body stays unread. */
async function readText(body: AsyncIterable<Uint8Array>, bytesMax: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    bytes += chunk.length;
    if (bytes > bytesMax) break;
  }
  return text;
}
