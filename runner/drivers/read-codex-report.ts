import { z } from "zod";

import type { Usage } from "../../ledger/domain/usage.ts";
import type { AgentReport } from "./driver.ts";
import { readEvents } from "./read-events.ts";

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
type TurnCompleted = z.infer<typeof TurnCompleted>;

/**
 * Reads what Codex itself counted from its captured `--json` output. It counts only the main agent's
 * requests, because no event mentions a sub-agent. A turn reports the total of its thread, so the
 * last turn counts.
 */
export async function readCodexReport(capture: string): Promise<AgentReport> {
  let report: AgentReport = {};
  for await (const event of readEvents(capture, '"turn.completed"')) {
    const turn = TurnCompleted.safeParse(event);
    if (turn.success) report = { usage: usageOf(turn.data) };
  }
  return report;
}

function usageOf({ usage }: TurnCompleted): Usage {
  const read = usage.cached_input_tokens;
  const written = usage.cache_write_input_tokens;
  return {
    input_uncached: Math.max(0, usage.input_tokens - read - written),
    cache_read: read,
    cache_write_5m: written,
    output: usage.output_tokens,
    reasoning: usage.reasoning_output_tokens,
    // The client does not report its number of requests.
    requests: 0,
  };
}
