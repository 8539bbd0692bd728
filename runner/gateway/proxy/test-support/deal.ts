import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";

import seedrandom from "seedrandom";

export type Fault = "none" | "cut" | "refused" | "hung-up" | "client-leaves" | "says-nothing";

/** One scripted request: what is asked, and what the vendor says that it took. */
export interface Deal {
  /** Names the request in the ledger. */
  readonly model: string;
  readonly dialect: "anthropic-messages" | "openai-responses" | "openai-chat";
  readonly streaming: boolean;
  readonly encoding: "identity" | "gzip" | "br" | "zstd";
  readonly fault: Fault;
  readonly input: number;
  readonly cached: number;
  readonly written: number;
  readonly output: number;
}

/** The figures that a ledger may have of a deal; null if the vendor states none. */
export interface Told {
  readonly prompt: number | null;
  readonly completion: number | null;
}

const DIALECTS = ["anthropic-messages", "openai-responses", "openai-chat"] as const;
const ENCODINGS = ["identity", "identity", "gzip", "br", "zstd"] as const;
const FAULTS = ["cut", "refused", "hung-up", "client-leaves", "says-nothing"] as const;
const FAULTY_SHARE = 0.35;

/** The deal of that number, always the same. */
export function dealOf(nth: number): Deal {
  const draw = seedrandom(`deal ${String(nth)}`);
  const below = (limit: number): number => Math.floor(draw() * limit);
  const one = <Item>(items: readonly [Item, ...Item[]]): Item =>
    items[below(items.length)] ?? items[0];
  const fault = draw() < FAULTY_SHARE ? one<Fault>(FAULTS) : "none";
  return {
    model: `deal-${String(nth)}`,
    dialect: one<Deal["dialect"]>(DIALECTS),
    streaming: draw() < 0.6,
    // Half of a compressed answer can't be read to the same place by everybody.
    encoding: fault === "cut" ? "identity" : one<Deal["encoding"]>(ENCODINGS),
    fault,
    input: 1 + below(200_000),
    cached: below(100_000),
    written: below(10_000),
    output: 1 + below(30_000),
  };
}

/** A Messages stream states the prompt first. Every other figure comes at the end of an answer. */
export function toldBy({ dialect, streaming, fault, ...tokens }: Deal): Told {
  const prompt = tokens.input + tokens.cached + tokens.written;
  if (fault === "none" || fault === "client-leaves") return { prompt, completion: tokens.output };
  const isOpened = fault === "cut" && streaming && dialect === "anthropic-messages";
  return { prompt: isOpened ? prompt : null, completion: null };
}

/** The answer as it goes over the wire; of one that is cut, the part that is sent. */
export function answerBytes(deal: Deal): Buffer {
  const document = deal.streaming ? streamOf(deal) : JSON.stringify(documentOf(deal));
  const bytes = Buffer.from(document);
  switch (deal.encoding) {
    case "gzip":
      return gzipSync(bytes);
    case "br":
      return brotliCompressSync(bytes);
    case "zstd":
      return zstdCompressSync(bytes);
    case "identity":
      return deal.fault === "cut" ? bytes.subarray(0, cutAt(bytes)) : bytes;
  }
}

/** Behind the first event, within the second or third; in the middle of a document. */
function cutAt(bytes: Buffer): number {
  const first = bytes.indexOf("\n\n");
  return first === -1 ? Math.floor(bytes.length / 2) : first + 2 + 60;
}

function documentOf(deal: Deal): object {
  const { dialect, model } = deal;
  const usage = usageOf(deal);
  switch (dialect) {
    case "anthropic-messages":
      return { type: "message", role: "assistant", model, content: [], ...usage };
    case "openai-responses":
      return { object: "response", status: "completed", model, output: [], ...usage };
    case "openai-chat":
      return { object: "chat.completion", model, choices: [], ...usage };
  }
}

function usageOf({ dialect, fault, input, cached, written, output }: Deal): object {
  if (fault === "says-nothing") return {};
  if (dialect === "anthropic-messages") {
    const prompt = { cache_read_input_tokens: cached, cache_creation_input_tokens: written };
    return { usage: { input_tokens: input, ...prompt, output_tokens: output } };
  }
  // Cached tokens are inside here.
  const prompt = input + cached + written;
  const details = { cached_tokens: cached, cache_write_tokens: written };
  return dialect === "openai-responses"
    ? { usage: { input_tokens: prompt, input_tokens_details: details, output_tokens: output } }
    : {
        usage: {
          prompt_tokens: prompt,
          prompt_tokens_details: details,
          completion_tokens: output,
        },
      };
}

const TEXT = 'Grüße, 世界 👋 "usage":{"input_tokens":7} ';

function streamOf(deal: Deal): string {
  switch (deal.dialect) {
    case "anthropic-messages":
      return messagesStream(deal);
    case "openai-responses":
      return responsesStream(deal);
    case "openai-chat":
      return chatStream(deal);
  }
}

/** Cumulative: the first event states too little output. */
function messagesStream(deal: Deal): string {
  const silent = deal.fault === "says-nothing";
  const prompt = usageOf({ ...deal, output: 1 });
  const message = { id: "msg", type: "message", model: deal.model, content: [], ...prompt };
  const usage = silent ? {} : { usage: { output_tokens: deal.output } };
  const delta = { delta: { type: "text_delta", text: TEXT }, index: 0 };
  return [
    event("message_start", { message }),
    event("content_block_delta", delta),
    event("content_block_delta", delta),
    event("message_delta", { delta: { stop_reason: "end_turn" }, ...usage }),
    event("message_stop", {}),
  ].join("");
}

function responsesStream(deal: Deal): string {
  const response = { object: "response", status: "in_progress", model: deal.model };
  return [
    event("response.created", { response }),
    event("response.output_text.delta", { delta: TEXT }),
    event("response.output_text.delta", { delta: TEXT }),
    event("response.completed", { response: documentOf(deal) }),
  ].join("");
}

function chatStream(deal: Deal): string {
  const chunk = { object: "chat.completion.chunk", model: deal.model };
  const choice = { index: 0, delta: { content: TEXT }, finish_reason: null };
  const end = { index: 0, delta: {}, finish_reason: "stop" };
  return [
    { ...chunk, choices: [choice] },
    { ...chunk, choices: [choice] },
    { ...chunk, choices: [end] },
    { ...chunk, choices: [], ...usageOf(deal) },
  ]
    .map((data) => `data: ${JSON.stringify(data)}\n\n`)
    .concat("data: [DONE]\n\n")
    .join("");
}

function event(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}
