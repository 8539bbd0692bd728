import { z } from "zod";

import { Timestamp } from "./timestamp.ts";
import { Usage } from "./usage.ts";

const Tokens = z.int().nonnegative();
const Milliseconds = z.number().nonnegative();

/**
 * Row `request_proxied`: one request that an agent sent through the proxy. The first ten fields are
 * the telemetry contract. They are always present, and `null` if the value is unknown.
 */
export const ProxiedRequest = z.looseObject({
  record: z.literal("request_proxied"),
  /** When the request's head had arrived. */
  timestamp: Timestamp,
  session_id: z.string().nullable(),
  /** The sub-agent as its client names it; null for the main agent. */
  subagent_id: z.string().nullable(),
  /** Name of the upstream that the request was sent to; null if it was not sent. */
  backend_provider: z.string().nullable(),
  /** The model that answered, or, if the answer names none, the requested model. */
  model: z.string().nullable(),
  /** Uncached input, cache reads and cache writes together. */
  prompt_tokens: Tokens.nullable(),
  completion_tokens: Tokens.nullable(),
  /** From the request's head to the end of the answer. */
  latency_ms: Milliseconds.nullable(),
  /**
   * HTTP status of the answer; 0 for a network error; null if the client left before any answer.
   */
  status: z.int().nonnegative().nullable(),
  /** The client receives it as its request id, so that its session log can be joined. */
  trace_id: z.string().nullable(),

  window: z.string(),
  attempt: z.int().positive(),
  provider: z.string(),
  requested_model: z.string().nullable(),
  /** null: unknown, which is not zero. */
  usage: Usage.nullable(),
  /** From the request's head to the first byte of the answer's body. */
  ttft_ms: Milliseconds.nullable(),
  cost_usd: z.number().nonnegative().nullable(),
  /** The budget that refused the request, or `closed` for a key whose attempt is over. */
  refused_by: z.string().nullable(),
  /** What went wrong, as a code; never text of an upstream or a client. */
  error: z.string().nullable(),

  experiment_id: z.string(),
  /** The routing rule that sent it to its backend; null for the provider's own. */
  routed_by: z.string().nullable().optional(),
  dialect: z.enum(["anthropic-messages", "openai-responses", "openai-chat", "gemini"]).nullable(),
  /**
   * A `model` request makes a model work. An `unmetered` one may, and nothing can count it. The others
   * use no tokens.
   */
  kind: z.enum(["model", "count_tokens", "other", "unmetered"]),
  /** Whether the vendor's `input_tokens` leaves cached tokens out or has them inside. */
  convention: z.enum(["cache_apart", "cache_inside"]).nullable(),
  /**
   * Rough count of the tokens of an answer that was cut or states none; null if it states its own.
   */
  completion_tokens_estimate: Tokens.nullable(),
  /** The client closed its connection before the answer's end. */
  is_client_gone: z.boolean(),
  /** The answer began but did not reach its end. */
  is_stream_cut: z.boolean(),
  upstream_request_id: z.string().nullable(),
  /** The session as the client names it. */
  client_session_id: z.string().nullable(),
  /** The window's place in the design; absent if the request belongs to no planned window. */
  feature_id: z.string().optional(),
  replicate: z.int().positive().optional(),
  period: z.int().positive().optional(),
  /** The agent that works a manual window; if absent, `main`. */
  window_agent: z.string().optional(),
  /** The place of a role's turn in its attempt; absent for an agent that works alone. */
  turn: z.int().positive().optional(),
  /** The requests that this row counts. They reached no upstream and ended alike. Absent: one. */
  request_count: z.int().positive().optional(),
  /** Why the counts of the answer can't be right; `usage` is null then. Absent: nothing speaks against them. */
  usage_fault: z.string().optional(),
  /** The cost by our price lists, where the answer states its own, which is in `cost_usd`. */
  listed_cost_usd: z.number().nonnegative().nullable().optional(),
  /** Rough count of the prompt's tokens by its size, if a model may have read it and no answer states them. */
  prompt_tokens_estimate: Tokens.optional(),
  /**
   * The id of background work. With an unknown usage, the work goes on after this answer; otherwise this
   * answer to a poll states what it used.
   */
  background_id: z.string().optional(),
});
export type ProxiedRequest = z.infer<typeof ProxiedRequest>;
