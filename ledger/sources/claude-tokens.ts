import { z } from "zod";

import type { Usage } from "../domain/usage.ts";

const Tokens = z.int().nonnegative().nullish();

/** The usage of a message as Anthropic's API states it: input leaves cached tokens out. */
export const ClaudeUsage = z.looseObject({
  input_tokens: Tokens,
  output_tokens: Tokens,
  cache_read_input_tokens: Tokens,
  cache_creation_input_tokens: Tokens,
  cache_creation: z
    .looseObject({
      ephemeral_5m_input_tokens: Tokens,
      ephemeral_1h_input_tokens: Tokens,
    })
    .nullish(),
  output_tokens_details: z.looseObject({ thinking_tokens: Tokens }).nullish(),
  server_tool_use: z.looseObject({ web_search_requests: Tokens }).nullish(),
});
export type ClaudeUsage = z.infer<typeof ClaudeUsage>;

/** One answer's tokens in the canonical form. A count that is null is not said. */
export function usageOfClaude(said: ClaudeUsage): Usage {
  const { input_tokens: input, output_tokens: output, cache_read_input_tokens: read } = said;
  const reasoning = said.output_tokens_details?.thinking_tokens;
  const searches = said.server_tool_use?.web_search_requests ?? 0;
  const usage: Counters = {};
  if (isSaid(input)) usage.input_uncached = input;
  if (isSaid(read)) usage.cache_read = read;
  addCacheWrites(usage, said);
  if (isSaid(output)) usage.output = output;
  if (isSaid(reasoning)) usage.reasoning = reasoning;
  if (searches !== 0) usage.web_searches = searches;
  return Object.assign(usage, { requests: 1 });
}

/** A usage that is being made. Adding a counter is much quicker than making an object of objects. */
type Counters = { -readonly [Key in keyof Usage]?: Usage[Key] };

/**
 * The classes say how long a write is kept; before 2.1.152 the sum beside them may be 0. What they do not
 * divide is kept for five minutes, which is the default.
 */
function addCacheWrites(
  usage: Counters,
  { cache_creation: classes, cache_creation_input_tokens: sum }: ClaudeUsage,
): void {
  const fiveMinutes = classes?.ephemeral_5m_input_tokens;
  const hour = classes?.ephemeral_1h_input_tokens;
  const divided = (fiveMinutes ?? 0) + (hour ?? 0);
  const rest = Math.max(0, (sum ?? 0) - divided);
  if (isSaid(fiveMinutes) || isSaid(sum)) usage.cache_write_5m = (fiveMinutes ?? 0) + rest;
  if (isSaid(hour)) usage.cache_write_1h = hour;
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
