import { z } from "zod";

import { merge } from "./merge-messages.ts";
import { InputSchema, MessagesRequest } from "./messages-request.ts";

const Part = z.looseObject({
  text: z.string().optional(),
  functionCall: z.looseObject({ id: z.string().optional(), name: z.string() }).optional(),
  functionResponse: z.looseObject({ id: z.string().optional(), name: z.string() }).optional(),
});
type Part = z.infer<typeof Part>;

const Content = z.looseObject({ role: z.enum(["user", "model"]).optional(), parts: z.array(Part) });

const Declaration = z.looseObject({
  name: z.string(),
  parameters: InputSchema.optional(),
  parametersJsonSchema: InputSchema.optional(),
});

/** The fields of Gemini's `models/NAME:generateContent` that the script reads, and two of its path. */
const GeminiRequest = z.looseObject({
  model: z.string().min(1),
  stream: z.boolean(),
  contents: z.array(Content).min(1),
  systemInstruction: Content.optional(),
  tools: z
    .array(z.looseObject({ functionDeclarations: z.array(Declaration).optional() }))
    .optional(),
  generationConfig: z.looseObject({ maxOutputTokens: z.int().positive().optional() }).optional(),
});
type GeminiRequest = z.infer<typeof GeminiRequest>;

/** The output limit of a request without its own limit, tokens. */
const OUTPUT_TOKENS_MAX = 64_000;

const METHOD = /^\/v1(?:beta)?\/models\/([^/:]+):(streamGenerateContent|generateContent)$/;

/** The model and the kind of answer that a path of the Gemini API names; null for another path. */
export function geminiTarget(
  path: string,
): { readonly model: string; readonly stream: boolean } | null {
  const [, model, method] = METHOD.exec(path) ?? [];
  if (model === undefined) return null;
  return { model: decodeURIComponent(model), stream: method === "streamGenerateContent" };
}

/** The same request in the form of the Messages API, which the script uses. */
export const GeminiAsMessages = GeminiRequest.transform(asMessages).pipe(MessagesRequest);

function asMessages({
  model,
  stream,
  contents,
  systemInstruction,
  tools = [],
  ...rest
}: GeminiRequest): MessagesRequest {
  const text = systemInstruction?.parts.map((part) => part.text ?? "").join("\n") ?? "";
  return {
    model,
    stream,
    max_tokens: rest.generationConfig?.maxOutputTokens ?? OUTPUT_TOKENS_MAX,
    // Gemini caches every prompt, without a mark in the request.
    system: [{ type: "text", text, cache_control: { type: "ephemeral" } }],
    tools: tools
      .flatMap(({ functionDeclarations = [] }) => functionDeclarations)
      .map(({ name, parameters, parametersJsonSchema }) => ({
        name,
        input_schema: parametersJsonSchema ?? parameters ?? {},
      })),
    messages: merge(
      contents.map(({ role = "user", parts }) => ({
        role: role === "model" ? ("assistant" as const) : role,
        content: parts.map((part) => blockOf(part)),
      })),
    ),
  };
}

function blockOf({ text = "", functionCall, functionResponse }: Part) {
  if (functionCall !== undefined) {
    return { ...functionCall, type: "tool_use", id: functionCall.id ?? "" };
  }
  if (functionResponse !== undefined) {
    return { ...functionResponse, type: "tool_result", tool_use_id: functionResponse.id ?? "" };
  }
  return { type: "text", text };
}
