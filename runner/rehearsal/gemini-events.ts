import type { ScriptedAnswer, ScriptedBlock } from "./play-answer.ts";
import {
  type AnswerForm,
  OPENING_OUTPUT_TOKENS,
  pieces,
  type ScriptedEvent,
  withoutCacheWrites,
} from "./stream-events.ts";

/** Google's Gemini API. */
export const GEMINI_FORM: AnswerForm = {
  stream: geminiParts,
  whole: (answer) =>
    response(
      answer,
      answer.blocks.flatMap((block) => partsOf(block)),
      true,
    ),
  tellable: withoutCacheWrites,
  encode: (data) => `data: ${JSON.stringify(data)}\n\n`,
};

type Part = Readonly<Record<string, unknown>>;

/** The answer as the Gemini API streams it. Every part has the usage so far; only the last is true. */
function geminiParts(answer: ScriptedAnswer): readonly ScriptedEvent[] {
  const opening = { ...answer, usage: { ...answer.usage, output: OPENING_OUTPUT_TOKENS } };
  return [
    ...answer.blocks
      .flatMap((block) => partsOf(block))
      .map((part) => ({ data: response(opening, [part], false), isContent: true })),
    { data: response(answer, [{ text: "" }], true), isContent: false },
  ];
}

/** A call is not streamed in pieces. */
function partsOf(block: ScriptedBlock): readonly Part[] {
  switch (block.type) {
    case "thinking":
      return [{ text: block.thinking, thought: true }];
    case "text":
      return pieces(block.text).map((text) => ({ text }));
    case "tool_use": {
      const { id, name, input: args } = block;
      return [{ functionCall: { id, name, args } }];
    }
  }
}

function response(answer: ScriptedAnswer, parts: readonly Part[], isLast: boolean) {
  const { messageId, model, stopReason } = answer;
  const finishReason = stopReason === "max_tokens" ? "MAX_TOKENS" : "STOP";
  const candidate = { content: { role: "model", parts }, index: 0 };
  return {
    candidates: [isLast ? { ...candidate, finishReason } : candidate],
    usageMetadata: usageInGemini(answer),
    modelVersion: model,
    responseId: messageId,
  };
}

/** The input includes cached tokens, unlike in the Messages API. */
function usageInGemini(answer: ScriptedAnswer): Readonly<Record<string, unknown>> {
  const { input_uncached = 0, cache_read = 0, output = 0 } = withoutCacheWrites(answer.usage);
  const promptTokenCount = input_uncached + cache_read;
  return {
    promptTokenCount,
    ...(cache_read === 0 ? {} : { cachedContentTokenCount: cache_read }),
    candidatesTokenCount: output,
    totalTokenCount: promptTokenCount + output,
  };
}
