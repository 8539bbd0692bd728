import type { Dialect } from "./dialect.ts";
import { modelAndStream } from "./model-and-stream.ts";
import { openaiError } from "./openai-error.ts";
import { OpenaiResponsesMeter } from "./openai-responses-meter.ts";

/** Codex tries again on every other status, and shows this one's sentence. */
const HARD_STOP_STATUS = 400;

const RESPONSES = /(?:^|\/v\d+|\/codex)\/responses(?:\/compact)?$/;
const COUNT_TOKENS = /(?:^|\/v\d+)\/responses\/input_tokens$/;

/** OpenAI's Responses API. */
export const openaiResponses: Dialect = {
  name: "openai-responses",
  requestIdHeader: "x-request-id",
  convention: "cache_inside",
  kindOf: (path) =>
    RESPONSES.test(path) ? "model" : COUNT_TOKENS.test(path) ? "count_tokens" : null,
  readFacts: modelAndStream,
  newMeter: () => new OpenaiResponsesMeter(),
  hardStop: (sentence) => openaiError(HARD_STOP_STATUS, sentence),
  streamStop,
  failure: openaiError,
};

/** With this code, and few others, Codex neither tries again nor hides the sentence. */
const STOP_CODE = "invalid_prompt";

function streamStop(message: string): string {
  const error = { code: STOP_CODE, message };
  const response = { id: "resp_stopped", object: "response", status: "failed", error, output: [] };
  const data = JSON.stringify({ type: "response.failed", response });
  return `event: response.failed\ndata: ${data}\n\n`;
}
