import type { Dialect } from "./dialect.ts";
import { modelAndStream } from "./model-and-stream.ts";
import { OpenaiChatMeter } from "./openai-chat-meter.ts";
import { openaiError } from "./openai-error.ts";

const HARD_STOP_STATUS = 402;
const COMPLETIONS = /\/chat\/completions$/;

/** OpenAI's Chat Completions API, also as other vendors offer it. */
export const openaiChat: Dialect = {
  name: "openai-chat",
  requestIdHeader: "x-request-id",
  convention: "cache_inside",
  kindOf: (path) => (COMPLETIONS.test(path) ? "model" : null),
  readFacts: modelAndStream,
  newMeter: () => new OpenaiChatMeter(),
  hardStop: (sentence) => openaiError(HARD_STOP_STATUS, sentence),
  // Without the closing "[DONE]", as the answer is not whole.
  streamStop: (sentence) =>
    `data: ${JSON.stringify(openaiError(HARD_STOP_STATUS, sentence).body)}\n\n`,
  failure: openaiError,
};
