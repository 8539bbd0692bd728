import { z } from "zod";

import { OpenaiChatMeter } from "../../gateway/proxy/dialects/openai.ts";
import { parseJson } from "../../platform/json/json-value.ts";
import type { ModelPrompt } from "./model-prompt.ts";
import {
  BROKEN_INPUT,
  type HistoryMessage,
  type MessageBlock,
  type ModelAnswer,
  ToolUseBlock,
} from "./read-answer.ts";
import { ApiFailure } from "./retry.ts";

/** OpenAI's later models refuse `max_tokens`, and most other servers know nothing else. */
const LATER_MODEL = /^(?:o\d|gpt-(?:[5-9]|\d\d))/;

/**
 * The request for OpenAI's Chat Completions API. It asks for the answer in one piece, because not every
 * server states the usage of a stream.
 */
export function chatBody(prompt: ModelPrompt): Readonly<Record<string, unknown>> {
  const { model, maxTokens, system, tools, messages } = prompt;
  const limit = LATER_MODEL.test(model) ? "max_completion_tokens" : "max_tokens";
  return {
    model,
    [limit]: maxTokens,
    messages: [{ role: "system", content: system }, ...messages.flatMap(chatMessages)],
    tools: tools.map(({ name, description, inputSchema: parameters }) => ({
      type: "function",
      function: { name, description, parameters },
    })),
  };
}

const Text = z.looseObject({ type: z.literal("text"), text: z.string() });
const ToolResult = z.looseObject({
  type: z.literal("tool_result"),
  tool_use_id: z.string(),
  content: z.string(),
});

/** One entry of the history as the API has it: each result of a tool is a message of its own. */
function chatMessages({ role, content }: HistoryMessage): readonly object[] {
  const text = content.flatMap((block) => Text.safeParse(block).data?.text ?? []).join("\n");
  if (role === "user") {
    const results = content.flatMap((block) => ToolResult.safeParse(block).data ?? []);
    const said = results.map((result) => ({
      role: "tool",
      tool_call_id: result.tool_use_id,
      content: result.content,
    }));
    return text === "" ? said : [...said, { role, content: text }];
  }
  const calls = content.flatMap((block) => ToolUseBlock.safeParse(block).data ?? []);
  const tool_calls = calls.map(({ id, name, input }) => ({
    id,
    type: "function",
    function: { name, arguments: JSON.stringify(input) },
  }));
  return [{ role, content: text, ...(tool_calls.length === 0 ? {} : { tool_calls }) }];
}

const Completion = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        finish_reason: z.string().nullish(),
        message: z.looseObject({
          content: z.string().nullish(),
          tool_calls: z
            .array(
              z.looseObject({
                id: z.string(),
                function: z.looseObject({ name: z.string(), arguments: z.string() }),
              }),
            )
            .nullish(),
        }),
      }),
    )
    .min(1),
});

/** The Chat API's reasons under the names of the Messages API. */
const STOP_REASONS: Readonly<Record<string, string>> = {
  length: "max_tokens",
  content_filter: "refusal",
  tool_calls: "tool_use",
  stop: "end_turn",
};

/** Reads an answer of the Chat Completions API into the blocks of the Messages API. */
export function readChatAnswer(text: string): ModelAnswer {
  const document = parseJson(text);
  const choice = Completion.safeParse(document).data?.choices[0];
  if (choice === undefined) {
    throw new ApiFailure("The server's answer is not one of the Chat Completions API.", {
      isRetryable: false,
    });
  }
  const { message, finish_reason: reason } = choice;
  const said: readonly MessageBlock[] =
    (message.content ?? "") === "" ? [] : [{ type: "text", text: message.content }];
  const calls = (message.tool_calls ?? []).map(({ id, function: { name, arguments: json } }) => ({
    type: "tool_use",
    id,
    name,
    input: parseJson(json === "" ? "{}" : json) ?? { [BROKEN_INPUT]: json },
  }));
  const meter = new OpenaiChatMeter();
  meter.readDocument(document);
  return {
    content: [...said, ...calls],
    stopReason: STOP_REASONS[reason ?? ""] ?? reason ?? null,
    usage: meter.reading().usage ?? { requests: 1 },
  };
}
