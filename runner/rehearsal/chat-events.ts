import type { Usage } from "../../ledger/domain/usage.ts";
import type { ScriptedAnswer, ScriptedBlock } from "./play-answer.ts";
import {
  type AnswerForm,
  pieces,
  type ScriptedEvent,
  withoutCacheWrites,
} from "./stream-events.ts";

/** OpenAI's Chat Completions API. */
export const CHAT_FORM: AnswerForm = {
  stream: chatChunks,
  whole: wholeCompletion,
  tellable: withoutCacheWrites,
  encode: (data) => `data: ${JSON.stringify(data)}\n\n`,
  closing: "data: [DONE]\n\n",
};

const FINISH_REASONS = { end_turn: "stop", tool_use: "tool_calls", max_tokens: "length" } as const;

/** The answer as the Chat API streams it. Its usage comes once, in the last chunk. */
function chatChunks(answer: ScriptedAnswer): readonly ScriptedEvent[] {
  const chunk = (delta: object, isContent: boolean, finish_reason: string | null = null) => ({
    data: {
      ...head(answer, "chat.completion.chunk"),
      choices: [{ index: 0, delta, finish_reason }],
    },
    isContent,
  });
  const calls = answer.blocks.filter((block) => block.type === "tool_use");
  return [
    chunk({ role: "assistant", content: "" }, false),
    ...pieces(textOf(answer)).map((content) => chunk({ content }, true)),
    ...calls.flatMap((call, index) => [
      chunk(
        { tool_calls: [{ index, ...callOf(call), function: { name: call.name, arguments: "" } }] },
        false,
      ),
      ...pieces(JSON.stringify(call.input)).map((text) =>
        chunk({ tool_calls: [{ index, function: { arguments: text } }] }, true),
      ),
    ]),
    chunk({}, false, FINISH_REASONS[answer.stopReason]),
    {
      data: {
        ...head(answer, "chat.completion.chunk"),
        choices: [],
        usage: usageInChat(answer.usage),
      },
      isContent: false,
    },
  ];
}

/** The answer in one piece, for requests that do not stream. */
function wholeCompletion(answer: ScriptedAnswer): Readonly<Record<string, unknown>> {
  const tool_calls = answer.blocks
    .filter((block) => block.type === "tool_use")
    .map((call) => ({
      ...callOf(call),
      function: { name: call.name, arguments: JSON.stringify(call.input) },
    }));
  const message = {
    role: "assistant",
    content: textOf(answer),
    ...(tool_calls.length === 0 ? {} : { tool_calls }),
  };
  return {
    ...head(answer, "chat.completion"),
    choices: [{ index: 0, message, finish_reason: FINISH_REASONS[answer.stopReason] }],
    usage: usageInChat(answer.usage),
  };
}

function callOf({ id }: Extract<ScriptedBlock, { type: "tool_use" }>) {
  return { id, type: "function" };
}

function textOf({ blocks }: ScriptedAnswer): string {
  return blocks.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n");
}

function head({ messageId, model }: ScriptedAnswer, object: string) {
  return { id: `chatcmpl-${messageId}`, object, created: 1_790_000_000, model };
}

/** The input includes cached tokens, unlike in the Messages API. */
function usageInChat(usage: Usage): Readonly<Record<string, unknown>> {
  const { input_uncached = 0, cache_read = 0, output = 0 } = withoutCacheWrites(usage);
  const prompt_tokens = input_uncached + cache_read;
  return {
    prompt_tokens,
    completion_tokens: output,
    total_tokens: prompt_tokens + output,
    prompt_tokens_details: { cached_tokens: cache_read },
  };
}
