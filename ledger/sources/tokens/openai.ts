import { type BillingDraft, unusualName } from "../../domain/billing.ts";
import type { Usage } from "../../domain/usage.ts";
import { member, readCounters, readTokens } from "./counters.ts";
import { readStatedCost } from "./stated-cost.ts";
import { readToolRequests } from "./tool-requests.ts";
import { uncachedSound } from "./uncached-sound.ts";

/** Input contains the tokens that were read from a cache or written to it; output mostly contains reasoning. */
export interface OpenaiCounts {
  readonly input?: number | undefined;
  readonly read?: number | undefined;
  readonly written?: number | undefined;
  readonly output?: number | undefined;
  readonly reasoning?: number | undefined;
  readonly total?: number | undefined;
}

/** Counts in the canonical form, or why they can't be right: then any of them may be wrong. */
export type Counted =
  | { readonly usage: Usage; readonly fault?: undefined }
  | { readonly usage: null; readonly fault: string };

export function usageOfOpenai(said: OpenaiCounts, requests: number): Counted {
  const { input, reasoning } = said;
  const fault = faultIn(said);
  if (fault !== undefined) return { usage: null, fault };
  const output = outputOf(said);
  const usage = {
    ...(input === undefined ? {} : splitInput(input, said)),
    ...(output === undefined ? {} : { output }),
    // A part can't be larger than its whole: it is not known then.
    ...(reasoning === undefined || reasoning > (output ?? 0) ? {} : { reasoning }),
    requests,
  };
  return { usage };
}

/**
 * Grok counts reasoning apart from its output: only with it do both sides make the total. Reasoning that is larger
 * than the output can't be a part of it, unless the total says so.
 */
function outputOf({ input, output, reasoning = 0, total }: OpenaiCounts): number | undefined {
  if (input === undefined || output === undefined || reasoning === 0) return output;
  const isInside = total === input + output || reasoning <= output;
  const isApart = total === input + output + reasoning || !isInside;
  return isApart ? output + reasoning : output;
}

function faultIn({ input, read = 0, written = 0 }: OpenaiCounts): string | undefined {
  if (input === undefined || read + written <= input) return undefined;
  return `Expected input that contains the cached tokens, got ${String(input)} of input and ${String(read + written)} cached.`;
}

function splitInput(input: number, { read, written }: OpenaiCounts) {
  return {
    input_uncached: input - (read ?? 0) - (written ?? 0),
    ...(read === undefined ? {} : { cache_read: read }),
    // Nobody says how long a write is kept.
    ...(written === undefined ? {} : { cache_write_5m: written }),
  };
}

/** The names of the two counters; their details have the same names with `_details`. */
const SIDES = {
  chat: { input: "prompt_tokens", output: "completion_tokens" },
  responses: { input: "input_tokens", output: "output_tokens" },
} as const;

/** The counts of one answer; undefined if it states neither side. */
export function readOpenaiCounts(
  usage: unknown,
  api: keyof typeof SIDES,
): OpenaiCounts | undefined {
  const side = SIDES[api];
  const said = readCounters(usage, side);
  if (said.input === undefined && said.output === undefined) return undefined;
  const inputs = member(usage, `${side.input}_details`);
  return {
    ...said,
    // DeepSeek and Moonshot have no details.
    ...readCounters(usage, { read: "prompt_cache_hit_tokens" }),
    ...readCounters(usage, { read: "cached_tokens" }),
    // Qwen's name for writes is that of Anthropic.
    ...readCounters(inputs, { written: "cache_creation_input_tokens" }),
    ...readCounters(inputs, { read: "cached_tokens", written: "cache_write_tokens" }),
    ...readCounters(member(usage, `${side.output}_details`), { reasoning: "reasoning_tokens" }),
    ...readCounters(usage, { total: "total_tokens" }),
  };
}

/** What an answer of either API states about its price. */
export function readOpenaiBilling(answer: unknown): BillingDraft {
  const usage = member(answer, "usage");
  return {
    tier: unusualName(member(answer, "service_tier")),
    audio_output: audioIn(usage, ["completion_tokens_details", "output_tokens_details"]),
    tool_calls: toolCallsIn(member(answer, "output"), usage),
    ...soundIn(usage),
    ...readStatedCost(usage),
  };
}

/** Searches that an answer lists; undefined if it lists none. */
export function readOpenaiSearches(answer: unknown): number | undefined {
  const stated = readTokens(
    member(member(answer, "usage"), "server_tool_use"),
    "web_search_requests",
  );
  const listed = itemsIn(member(answer, "output")).filter(isSearch).length;
  const searches = Math.max(stated ?? 0, listed);
  return searches === 0 ? undefined : searches;
}

function soundIn(usage: unknown) {
  const counts = readOpenaiCounts(usage, "chat") ?? readOpenaiCounts(usage, "responses");
  const details = member(usage, "prompt_tokens_details") ?? member(usage, "input_tokens_details");
  return uncachedSound({
    prompt: counts?.input,
    cached: counts?.read,
    sound: audioIn(usage, ["prompt_tokens_details", "input_tokens_details"]),
    cachedSound: readTokens(member(details, "cached_tokens_details"), "audio_tokens"),
  });
}

function audioIn(usage: unknown, details: readonly string[]): number | undefined {
  const tokens = details.map((name) => readTokens(member(usage, name), "audio_tokens"));
  return tokens.find((count) => count !== undefined && count > 0);
}

const CALL = "_call";
/** xAI asks a price for each source of a live search. */
const SOURCE = "live_search_source";
/** Calls that no vendor's server made, and those that are counted as searches. */
const NOT_PRICED: ReadonlySet<unknown> = new Set([
  "function_call",
  "custom_tool_call",
  "local_shell_call",
  "shell_call",
  "apply_patch_call",
  "computer_call",
  "mcp_call",
  "tool_search_call",
  "web_search_call",
]);

function toolCallsIn(
  output: unknown,
  usage: unknown,
): Readonly<Record<string, number>> | undefined {
  const counts: Record<string, number> = { ...readToolRequests(usage) };
  const sources = readTokens(usage, "num_sources_used") ?? 0;
  if (sources > 0) counts[SOURCE] = sources;
  for (const item of itemsIn(output)) {
    const type = member(item, "type");
    if (typeof type !== "string" || !type.endsWith(CALL) || NOT_PRICED.has(type)) continue;
    const tool = unusualName(type.slice(0, -CALL.length)) ?? "unnamed";
    counts[tool] = (counts[tool] ?? 0) + 1;
  }
  return Object.keys(counts).length === 0 ? undefined : counts;
}

/** A vendor asks a price for searches, not for the pages that are opened afterwards. */
function isSearch(item: unknown): boolean {
  const action = member(member(item, "action"), "type") ?? "search";
  return member(item, "type") === "web_search_call" && action === "search";
}

function itemsIn(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? list : [];
}
