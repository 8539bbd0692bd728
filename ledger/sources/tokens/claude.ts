import { z } from "zod";

import { type BillingDraft, unusualName } from "../../domain/billing.ts";
import type { Usage } from "../../domain/usage.ts";
import { isFields, member, readTokens } from "./counters.ts";
import { readStatedCost } from "./stated-cost.ts";
import { readToolRequests } from "./tool-requests.ts";

const Tokens = z.int().nonnegative();

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

/** The counts of a prompt, by their names in the usage of a message. Input leaves cached tokens out. */
const PROMPT = [
  ["input", "input_tokens"],
  ["read", "cache_read_input_tokens"],
  ["written", "cache_creation_input_tokens"],
  ["written5m", "ephemeral_5m_input_tokens", "cache_creation"],
  ["written1h", "ephemeral_1h_input_tokens", "cache_creation"],
] as const;

const ANSWER = [
  ["output", "output_tokens"],
  ["reasoning", "thinking_tokens", "output_tokens_details"],
  ["searches", "web_search_requests", "server_tool_use"],
] as const;

const ALL = [...PROMPT, ...ANSWER];
type Field = (typeof ALL)[number];

/** What any source states of Claude's tokens. */
export type ClaudeCounts = { [Name in Field[0]]?: number | undefined };

/** A usage that is being made. Adding a counter is much quicker than making an object of objects. */
type Counters = { -readonly [Key in keyof Usage]?: Usage[Key] };

/** Claude's tokens in the canonical form. */
export function usageOfClaudeCounts(said: ClaudeCounts, requests: number): Usage {
  const { input, read, output, reasoning, searches = 0 } = said;
  const usage: Counters = {};
  if (input !== undefined) usage.input_uncached = input;
  if (read !== undefined) usage.cache_read = read;
  addCacheWrites(usage, said);
  if (output !== undefined) usage.output = output;
  if (reasoning !== undefined) usage.reasoning = reasoning;
  if (searches > 0) usage.web_searches = searches;
  return Object.assign(usage, { requests });
}

/**
 * The sum of both lifetimes may be missing, and clients before 2.1.152 may say 0. Writes whose lifetime is not
 * given are kept for five minutes, which is the default.
 */
function addCacheWrites(usage: Counters, { written, written5m, written1h }: ClaudeCounts): void {
  const rest = Math.max(0, (written ?? 0) - (written5m ?? 0) - (written1h ?? 0));
  if (written5m !== undefined || written !== undefined) {
    usage.cache_write_5m = (written5m ?? 0) + rest;
  }
  if (written1h !== undefined) usage.cache_write_1h = written1h;
}

/** The counts of an answer's prompt. Whatever is not a count is left out. */
export function readClaudePrompt(usage: unknown): ClaudeCounts {
  return readCounts(usage, PROMPT);
}

/** The other counts of an answer. */
export function readClaudeOutput(usage: unknown): ClaudeCounts {
  return readCounts(usage, ANSWER);
}

/** What the usage of a message states about its price. Fast mode is a tier with prices of its own. */
export function readClaudeBilling(usage: unknown): BillingDraft {
  const tiers = [member(usage, "speed"), member(usage, "service_tier")].map(unusualName);
  const names = tiers.filter((name) => typeof name === "string");
  return {
    // Nobody says what two tiers cost together: no list has their joint name, unless the user writes it.
    tier: names.length > 0 ? names.join("+") : tiers[1],
    region: unusualName(member(usage, "inference_geo")),
    tool_calls: readToolRequests(usage),
    ...readStatedCost(usage),
  };
}

function readCounts(usage: unknown, fields: readonly Field[]): ClaudeCounts {
  const counts: ClaudeCounts = {};
  for (const [counter, name, within] of fields) {
    const tokens = readTokens(within === undefined ? usage : member(usage, within), name);
    if (tokens !== undefined) counts[counter] = tokens;
  }
  return counts;
}

const NOTHING = {};

/** One answer's tokens, where null is not said; undefined if anything is not a count. Logs have millions of them. */
export function readClaudeUsage(said: unknown): Usage | undefined {
  if (!isFields(said)) return undefined;
  const counts: ClaudeCounts = {};
  for (const [counter, name, within] of ALL) {
    const place = within === undefined ? said : (said[within] ?? NOTHING);
    if (!isFields(place)) return undefined;
    const tokens = place[name] ?? undefined;
    if (tokens === undefined) continue;
    if (!isCount(tokens)) return undefined;
    counts[counter] = tokens;
  }
  return usageOfClaudeCounts(counts, 1);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
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

/** Claude Code may work with the models of GLM, whose tokens are not tokens of Claude. */
export function providerOfModel(model: unknown): { readonly provider?: string } {
  return typeof model === "string" && GLM_MODEL.test(model) ? { provider: GLM } : {};
}

export const GLM = "glm";
const GLM_MODEL = /^(?:z-?\.?ai\/)?glm-/iu;
