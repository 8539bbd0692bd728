import { Agent, request } from "undici";

import { ApiFailure } from "./api-failure.ts";
import {
  type Answer,
  type AnswerBlock,
  ErrorBody,
  type HistoryMessage,
  WholeMessage,
} from "./messages.ts";
import { parseJson } from "./parse-json.ts";
import { readStream } from "./read-stream.ts";
import { retryAdvice } from "./retry-advice.ts";
import type { ToolDefinition } from "./tools/tool.ts";

/** Where the model is, and what the agent presents there. */
export interface Endpoint {
  /** Without a trailing slash and without `/v1`. */
  readonly baseUrl: string;
  readonly credential:
    | Readonly<Record<"x-api-key", string>>
    | Readonly<Record<"authorization", string>>;
}

export interface Prompt {
  readonly model: string;
  readonly maxTokens: number;
  readonly system: string;
  readonly tools: readonly ToolDefinition[];
  readonly messages: readonly HistoryMessage[];
}

/** Slow models think for minutes before a byte comes; this is where waiting turns into failing. */
const SILENCE_MS_MAX = 15 * 60_000;
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
const ERROR_BYTES_MAX = 64 * 1024;
const BODY_CHARACTERS_SHOWN = 500;
const dispatcher = new Agent({ headersTimeout: SILENCE_MS_MAX, bodyTimeout: SILENCE_MS_MAX });

/** Asks the model once; throws an ApiFailure where no answer comes of it. */
export async function requestAnswer(
  endpoint: Endpoint,
  prompt: Prompt,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    return await ask(endpoint, prompt, signal);
  } catch (error) {
    if (error instanceof ApiFailure || signal.aborted) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ApiFailure(
      `The connection to ${endpoint.baseUrl} failed: ${reason}`,
      {
        isRetryable: true,
      },
      { cause: error },
    );
  }
}

async function ask(endpoint: Endpoint, prompt: Prompt, signal: AbortSignal): Promise<Answer> {
  const { statusCode, headers, body } = await request(`${endpoint.baseUrl}/v1/messages`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "text/event-stream, application/json",
      "anthropic-version": "2023-06-01",
      "user-agent": "counterbalance-agent",
      ...endpoint.credential,
    },
    body: JSON.stringify(requestBody(prompt)),
    dispatcher,
    signal,
  });
  if (statusCode !== 200) {
    const sentence = readSentence(await readText(body, ERROR_BYTES_MAX));
    throw new ApiFailure(`${statusCode} ${sentence}`.trim(), retryAdvice(statusCode, headers));
  }
  const isStream = String(headers["content-type"]).startsWith("text/event-stream");
  return isStream ? readStream(body) : readWhole(await readText(body, ANSWER_BYTES_MAX));
}

function requestBody(prompt: Prompt): Readonly<Record<string, unknown>> {
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

/** The mark on the last block has the whole prompt before it cached, so that turns stay cheap. */
function markForCache(content: readonly AnswerBlock[]): readonly AnswerBlock[] {
  return content.map((block, index) =>
    index === content.length - 1 ? { ...block, cache_control: { type: "ephemeral" } } : block,
  );
}

function readWhole(text: string): Answer {
  const parsed = WholeMessage.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new ApiFailure("The server's answer is no message of the Messages API.", {
      isRetryable: false,
    });
  }
  const { content, stop_reason, usage } = parsed.data;
  return { content, stopReason: stop_reason ?? null, usage: usage ?? {} };
}

/** The sentence that the server meant for a reader; plain text, as gateways send it, as it came. */
function readSentence(text: string): string {
  const parsed = ErrorBody.safeParse(parseJson(text));
  return parsed.success ? parsed.data.error.message : text.slice(0, BODY_CHARACTERS_SHOWN);
}

/** The body's text, its rest left unread where it is longer than it may be. */
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
