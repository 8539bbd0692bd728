import { epochMsOf } from "../../ledger/domain/timestamp.ts";
import { openPriceBook } from "../../runner/gateway/prices/price-book.ts";
import { SHIPPED_PRICES } from "../../runner/gateway/prices/shipped-prices.ts";
import { anthropicMessages } from "../../runner/gateway/proxy/dialects/anthropic-messages.ts";
import type {
  AnswerReading,
  Dialect,
  DialectName,
} from "../../runner/gateway/proxy/dialects/dialect.ts";
import { gemini } from "../../runner/gateway/proxy/dialects/gemini.ts";
import { openaiChat, openaiResponses } from "../../runner/gateway/proxy/dialects/openai.ts";

/** The answers of a run, as events that have nothing but their usage. */
interface RecordedAnswers {
  readonly dialect: DialectName;
  readonly answers: readonly { readonly events: readonly string[] }[];
}

const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  "anthropic-messages": anthropicMessages,
  "openai-responses": openaiResponses,
  "openai-chat": openaiChat,
  gemini,
};

/** What the proxy reads in an answer. */
export function readAnswer(dialect: DialectName, events: readonly string[]): AnswerReading {
  const answerMeter = DIALECTS[dialect].newMeter("127.0.0.1");
  for (const data of events) answerMeter.readEvent({ data });
  return answerMeter.reading();
}

const BOOK = openPriceBook({ own: null, shipped: SHIPPED_PRICES });
const RECORDED_MS = epochMsOf("2026-11-21T06:00:00.000Z");

/** Dollars of all answers by the shipped prices; null if there is no price for one of them. */
export function priceOf({ dialect, answers }: RecordedAnswers): number | null {
  const dollars = answers.map(({ events }) => {
    const { model, usage } = readAnswer(dialect, events);
    return usage === null ? null : BOOK.dollars(model, usage, RECORDED_MS);
  });
  return dollars.reduce((sum, one) => (sum === null || one === null ? null : sum + one), 0);
}
