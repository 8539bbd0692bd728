import { z } from "zod";

import type { Usage } from "../../domain/usage.ts";
import { member, readCounters } from "./counters.ts";

const Tokens = z.int().nonnegative();
const Said = Tokens.nullish();

/** The usage of a message as Anthropic's API states it: input leaves cached tokens out. */
export const ClaudeUsage = z.looseObject({
  input_tokens: Said,
  output_tokens: Said,
  cache_read_input_tokens: Said,
  cache_creation_input_tokens: Said,
  cache_creation: z
    .looseObject({ ephemeral_5m_input_tokens: Said, ephemeral_1h_input_tokens: Said })
    .nullish(),
  output_tokens_details: z.looseObject({ thinking_tokens: Said }).nullish(),
  server_tool_use: z.looseObject({ web_search_requests: Said }).nullish(),
});
export type ClaudeUsage = z.infer<typeof ClaudeUsage>;

/** The tokens of one model as a result of Claude Code states them. */
export const ClaudeModelUsage = z.looseObject({
  inputTokens: Tokens,
  outputTokens: Tokens,
  cacheReadInputTokens: Tokens.optional(),
  cacheCreationInputTokens: Tokens.optional(),
  cacheCreationEphemeral5mInputTokens: Tokens.optional(),
  cacheCreationEphemeral1hInputTokens: Tokens.optional(),
  thinkingTokens: Tokens.optional(),
  costUSD: z.number().nonnegative().optional(),
  /** `unknown`: the client guessed the price. */
  costBasis: z.string().optional(),
});
export type ClaudeModelUsage = z.infer<typeof ClaudeModelUsage>;

type Counter =
  | "input"
  | "read"
  | "written"
  | "written5m"
  | "written1h"
  | "output"
  | "reasoning"
  | "searches";

/** What any source states of Claude's tokens. A count that is null or absent is unknown. */
export type ClaudeCounts = { readonly [Name in Counter]?: number | null | undefined };

/** The counts of an answer that are plain numbers. */
export type ClaudeTokens = Partial<Record<Counter, number>>;

/** A usage that is being made. Adding a counter is much quicker than making an object of objects. */
type Counters = { -readonly [Key in keyof Usage]?: Usage[Key] };

/** Claude's tokens in the canonical form. */
export function usageOfClaudeCounts(said: ClaudeCounts, requests: number): Usage {
  const { input, read, output, reasoning, searches } = said;
  const usage: Counters = {};
  if (isSaid(input)) usage.input_uncached = input;
  if (isSaid(read)) usage.cache_read = read;
  addCacheWrites(usage, said);
  if (isSaid(output)) usage.output = output;
  if (isSaid(reasoning)) usage.reasoning = reasoning;
  if (isSaid(searches) && searches > 0) usage.web_searches = searches;
  return Object.assign(usage, { requests });
}

/**
 * The sum of both lifetimes may be missing, and clients before 2.1.152 may say 0. Writes whose lifetime is not
 * given are kept for five minutes, which is the default.
 */
function addCacheWrites(usage: Counters, { written, written5m, written1h }: ClaudeCounts): void {
  const rest = Math.max(0, (written ?? 0) - (written5m ?? 0) - (written1h ?? 0));
  if (isSaid(written5m) || isSaid(written)) usage.cache_write_5m = (written5m ?? 0) + rest;
  if (isSaid(written1h)) usage.cache_write_1h = written1h;
}

/** One answer's tokens. */
export function usageOfClaude(said: ClaudeUsage): Usage {
  const counts = {
    input: said.input_tokens,
    read: said.cache_read_input_tokens,
    written: said.cache_creation_input_tokens,
    written5m: said.cache_creation?.ephemeral_5m_input_tokens,
    written1h: said.cache_creation?.ephemeral_1h_input_tokens,
    output: said.output_tokens,
    reasoning: said.output_tokens_details?.thinking_tokens,
    searches: said.server_tool_use?.web_search_requests,
  };
  return usageOfClaudeCounts(counts, 1);
}

/** The counts of an answer's prompt. Whatever is no count is left out. */
export function readClaudePrompt(usage: unknown): ClaudeTokens {
  return {
    ...readCounters(usage, {
      input: "input_tokens",
      read: "cache_read_input_tokens",
      written: "cache_creation_input_tokens",
    }),
    ...readCounters(member(usage, "cache_creation"), {
      written5m: "ephemeral_5m_input_tokens",
      written1h: "ephemeral_1h_input_tokens",
    }),
  };
}

/** The other counts of an answer. */
export function readClaudeOutput(usage: unknown): ClaudeTokens {
  return {
    ...readCounters(usage, { output: "output_tokens" }),
    ...readCounters(member(usage, "output_tokens_details"), { reasoning: "thinking_tokens" }),
    ...readCounters(member(usage, "server_tool_use"), { searches: "web_search_requests" }),
  };
}

/** The client does not say how many requests they are. */
export function usageOfClaudeModel(said: ClaudeModelUsage): Usage {
  const counts = {
    input: said.inputTokens,
    read: said.cacheReadInputTokens,
    written: said.cacheCreationInputTokens,
    written5m: said.cacheCreationEphemeral5mInputTokens,
    written1h: said.cacheCreationEphemeral1hInputTokens,
    output: said.outputTokens,
    reasoning: said.thinkingTokens,
  };
  return usageOfClaudeCounts(counts, 0);
}

function isSaid(tokens: number | null | undefined): tokens is number {
  return typeof tokens === "number";
}

/** Claude Code may work with the models of GLM, whose tokens are no tokens of Claude. */
export function providerOfModel(model: unknown): { readonly provider?: string } {
  return typeof model === "string" && GLM_MODEL.test(model) ? { provider: GLM } : {};
}

export const GLM = "glm";
const GLM_MODEL = /^(?:z-?\.?ai\/)?glm-/iu;

type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

/** The same as the schema and `usageOfClaude`, in a tenth of their time; undefined for what is no usage. */
export function readClaudeUsage(said: unknown): Usage | undefined {
  return isFields(said) &&
    PLAIN.every((name) => isCount(said[name])) &&
    NESTED.every(([outer, inner]) => isCountIn(said[outer], inner))
    ? usageOfClaude(said)
    : undefined;
}

const PLAIN = [
  "input_tokens",
  "output_tokens",
  "cache_read_input_tokens",
  "cache_creation_input_tokens",
] as const;

const NESTED = [
  ["cache_creation", "ephemeral_5m_input_tokens"],
  ["cache_creation", "ephemeral_1h_input_tokens"],
  ["output_tokens_details", "thinking_tokens"],
  ["server_tool_use", "web_search_requests"],
] as const;

function isCountIn(fields: unknown, name: string): boolean {
  return fields === undefined || fields === null || (isFields(fields) && isCount(fields[name]));
}

function isCount(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
