import { z } from "zod";

const Block = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  tool_use_id: z.string().optional(),
});
const Content = z.union([z.string(), z.array(Block)]);

const Message = z.looseObject({ role: z.enum(["user", "assistant", "system"]), content: Content });

/** What a tool takes. */
export const InputSchema = z.looseObject({
  properties: z.record(z.string(), z.unknown()).optional(),
});

const OfferedTool = z.looseObject({ name: z.string(), input_schema: InputSchema.optional() });
export type OfferedTool = z.infer<typeof OfferedTool>;

/** The fields of a request that `count_tokens` needs. Unknown fields pass unread. */
export const PromptRequest = z.looseObject({
  model: z.string().min(1),
  messages: z.array(Message).min(1),
  system: Content.optional(),
  tools: z.array(OfferedTool).optional(),
});
export type PromptRequest = z.infer<typeof PromptRequest>;

/** A request of `POST /v1/messages`. */
export const MessagesRequest = PromptRequest.extend({
  max_tokens: z.int().positive(),
  stream: z.boolean().optional(),
  thinking: z.looseObject({ type: z.string() }).optional(),
});
export type MessagesRequest = z.infer<typeof MessagesRequest>;

/**
 * The text before the first answer: the system prompt and whatever reminders the client sent
 * with the task, as the user's words or, later versions, as a message of role `system`.
 */
export function openingText({ system, messages }: PromptRequest): string {
  const firstAnswer = messages.findIndex((message) => message.role === "assistant");
  const opening = firstAnswer < 0 ? messages : messages.slice(0, firstAnswer);
  return [system, ...opening.map(({ content }) => content)].map((text) => textOf(text)).join("\n");
}

export function firstUserText(request: PromptRequest): string {
  return textOf(request.messages.find((message) => message.role === "user")?.content);
}

/** The ids of the tool calls whose results the client has sent back so far, in order. */
export function toolResultIds(request: PromptRequest): readonly string[] {
  return request.messages.flatMap(({ content }) =>
    typeof content === "string"
      ? []
      : content
          .filter((block) => block.type === "tool_result")
          .map((block) => block.tool_use_id ?? ""),
  );
}

function textOf(content: z.infer<typeof Content> | undefined): string {
  if (content === undefined) return "";
  if (typeof content === "string") return content;
  return content.map((block) => block.text ?? "").join("\n");
}
