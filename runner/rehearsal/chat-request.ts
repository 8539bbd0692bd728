import { z } from "zod";

import { parseJson } from "../platform/json/json-value.ts";
import { merge } from "./merge-messages.ts";
import { InputSchema, MessagesRequest } from "./messages-request.ts";

const Part = z.looseObject({ type: z.string(), text: z.string().optional() });

const Call = z.looseObject({
  id: z.string(),
  function: z.looseObject({ name: z.string(), arguments: z.string() }),
});

const ChatMessage = z.looseObject({
  role: z.enum(["system", "developer", "user", "assistant", "tool"]),
  content: z.union([z.string(), z.array(Part)]).nullish(),
  tool_calls: z.array(Call).nullish(),
  tool_call_id: z.string().optional(),
});
type ChatMessage = z.infer<typeof ChatMessage>;

const Tool = z.looseObject({
  function: z.looseObject({ name: z.string(), parameters: InputSchema.optional() }),
});

/** The fields of OpenAI's `POST /v1/chat/completions` that the script reads. */
const ChatRequest = z.looseObject({
  model: z.string().min(1),
  messages: z.array(ChatMessage).min(1),
  tools: z.array(Tool).optional(),
  stream: z.boolean().nullish(),
  max_tokens: z.int().positive().nullish(),
  max_completion_tokens: z.int().positive().nullish(),
});
type ChatRequest = z.infer<typeof ChatRequest>;

/** The output limit of a request without its own limit, tokens. */
const OUTPUT_TOKENS_MAX = 128_000;

/** The same request in the form of the Messages API, which the script uses. */
export const ChatAsMessages = ChatRequest.transform(asMessages).pipe(MessagesRequest);

function asMessages({
  model,
  messages,
  tools = [],
  stream,
  ...rest
}: ChatRequest): MessagesRequest {
  return {
    model,
    stream: stream ?? false,
    max_tokens: rest.max_completion_tokens ?? rest.max_tokens ?? OUTPUT_TOKENS_MAX,
    // OpenAI caches every prompt, without a mark in the request.
    system: [{ type: "text", text: "", cache_control: { type: "ephemeral" } }],
    tools: tools.map(({ function: { name, parameters } }) => ({
      name,
      input_schema: parameters ?? {},
    })),
    messages: merge(messages.map((message) => messageOf(message))),
  };
}

function messageOf({ role, content, tool_calls, tool_call_id }: ChatMessage) {
  const text = typeof content === "string" ? [{ type: "text", text: content }] : (content ?? []);
  if (role === "tool") {
    const result = { type: "tool_result", tool_use_id: tool_call_id ?? "", content: text };
    return { role: "user" as const, content: [result] };
  }
  const calls = (tool_calls ?? []).map(({ id, function: { name, arguments: input } }) => ({
    type: "tool_use",
    id,
    name,
    input: parseJson(input),
  }));
  const isOpening = role === "system" || role === "developer";
  return { role: isOpening ? ("system" as const) : role, content: [...text, ...calls] };
}
