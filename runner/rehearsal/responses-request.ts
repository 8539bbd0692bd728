import { z } from "zod";

import { merge } from "./merge-messages.ts";
import { InputSchema, MessagesRequest } from "./messages-request.ts";

type Message = MessagesRequest["messages"][number];

const Part = z.looseObject({ type: z.string(), text: z.string().optional() });

const Item = z.looseObject({
  type: z.string().default("message"),
  role: z.enum(["user", "assistant", "system", "developer"]).optional(),
  content: z.union([z.string(), z.array(Part)]).optional(),
  call_id: z.string().optional(),
});
type Item = z.infer<typeof Item>;

const Tool = z.looseObject({
  type: z.string(),
  name: z.string().optional(),
  parameters: InputSchema.nullish(),
});

/** The fields of OpenAI's `POST /v1/responses` that the script reads. */
const ResponsesRequest = z.looseObject({
  model: z.string().min(1),
  input: z.union([z.string().min(1), z.array(Item).min(1)]),
  instructions: z.string().nullish(),
  tools: z.array(Tool).optional(),
  stream: z.boolean().optional(),
  max_output_tokens: z.int().positive().nullish(),
});
type ResponsesRequest = z.infer<typeof ResponsesRequest>;

/** The output limit of a request without its own limit, tokens. */
const OUTPUT_TOKENS_MAX = 128_000;

/** The same request in the form of the Messages API, which the script uses. */
export const ResponsesAsMessages = ResponsesRequest.transform(asMessages).pipe(MessagesRequest);

function asMessages({ model, input, instructions, ...rest }: ResponsesRequest): MessagesRequest {
  const items = typeof input === "string" ? [said("user", input)] : input;
  return {
    model,
    stream: rest.stream,
    max_tokens: rest.max_output_tokens ?? OUTPUT_TOKENS_MAX,
    // OpenAI caches every prompt, without a mark in the request.
    system: [{ type: "text", text: instructions ?? "", cache_control: { type: "ephemeral" } }],
    tools: (rest.tools ?? []).flatMap(({ name, parameters }) =>
      name === undefined ? [] : [{ name, input_schema: parameters ?? {} }],
    ),
    messages: merge(items.flatMap(messageOf)),
  };
}

function messageOf(item: Item): readonly Message[] {
  const id = item.call_id ?? "";
  if (item.type.endsWith("_call_output")) {
    return [{ role: "user", content: [{ ...item, type: "tool_result", tool_use_id: id }] }];
  }
  if (item.type.endsWith("_call")) {
    return [{ role: "assistant", content: [{ ...item, type: "tool_use", id }] }];
  }
  if (item.type !== "message") return [];
  const { role = "user", content = "" } = item;
  const parts = typeof content === "string" ? [{ type: "text", text: content }] : content;
  return [{ role: role === "developer" ? "system" : role, content: parts }];
}

function said(role: "user", content: string): Item {
  return { type: "message", role, content };
}
