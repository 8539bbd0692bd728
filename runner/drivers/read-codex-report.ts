import { open } from "node:fs/promises";

import { z } from "zod";

import { sumUsage, type Usage } from "../../ledger/domain/usage.ts";

const Tokens = z.int().nonnegative();

const TurnCompleted = z.looseObject({
  type: z.literal("turn.completed"),
  usage: z.looseObject({
    input_tokens: Tokens,
    cached_input_tokens: Tokens.default(0),
    cache_write_input_tokens: Tokens.default(0),
    output_tokens: Tokens,
    reasoning_output_tokens: Tokens.default(0),
  }),
});

const MARKER = '"turn.completed"';

/**
 * What Codex itself counted, from its captured `--json` output: the main agent's requests alone,
 * since its sub-agents are in no event. A turn's usage is the total of its thread, so the last
 * one counts. Undefined where no turn was completed.
 */
export async function readCodexReport(capture: string): Promise<Usage | undefined> {
  const file = await open(capture);
  try {
    let last: Usage | undefined;
    for await (const line of file.readLines()) {
      if (line.includes(MARKER)) last = usageOf(line) ?? last;
    }
    return last;
  } finally {
    await file.close();
  }
}

function usageOf(line: string): Usage | undefined {
  const turn = TurnCompleted.safeParse(parse(line));
  if (!turn.success) return undefined;
  const { usage } = turn.data;
  const read = usage.cached_input_tokens;
  const written = usage.cache_write_input_tokens;
  // The client does not say how many requests it took.
  return sumUsage([
    {
      input_uncached: Math.max(0, usage.input_tokens - read - written),
      cache_read: read,
      cache_write_5m: written,
      output: usage.output_tokens,
      reasoning: usage.reasoning_output_tokens,
      requests: 0,
    },
  ]);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
