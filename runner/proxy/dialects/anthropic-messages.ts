import { AnthropicMessagesMeter } from "./anthropic-messages-meter.ts";
import type { Dialect, OwnAnswer } from "./dialect.ts";
import { modelAndStream } from "./model-and-stream.ts";

/** The only status at which every client of this dialect stops after one request and shows the sentence. */
const HARD_STOP_STATUS = 402;

const MESSAGES = /(?:^|\/v\d+)\/messages$/;
const COUNT_TOKENS = /(?:^|\/v\d+)\/messages\/count_tokens$/;

/** Anthropic's Messages API, also as other vendors offer it. */
export const anthropicMessages: Dialect = {
  name: "anthropic-messages",
  requestIdHeader: "request-id",
  convention: "cache_apart",
  kindOf: (path) =>
    MESSAGES.test(path) ? "model" : COUNT_TOKENS.test(path) ? "count_tokens" : null,
  readFacts: modelAndStream,
  newMeter: (upstreamHost) => new AnthropicMessagesMeter(upstreamHost),
  hardStop: (sentence) => answer(HARD_STOP_STATUS, "billing_error", sentence),
  streamStop: (sentence) =>
    `event: error\ndata: ${JSON.stringify(answer(HARD_STOP_STATUS, "billing_error", sentence).body)}\n\n`,
  failure: (status, sentence) =>
    answer(status, status < 500 ? "invalid_request_error" : "api_error", sentence),
};

function answer(status: number, type: string, message: string): OwnAnswer {
  return { status, body: { type: "error", error: { type, message } } };
}
