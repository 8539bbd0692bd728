import { z } from "zod";

import { sumUsage, type Usage } from "../../ledger/domain/usage.ts";
import { inReader } from "../reader/in-reader.ts";
import type { AgentReport, ReportPlace } from "./driver.ts";
import { readEvents } from "./read-events.ts";

export const readClaudeReport = inReader(import.meta.url, "claude", claudeReport);
export const readCodexReport = inReader(import.meta.url, "codex", codexReport);

const Tokens = z.int().nonnegative();

const ModelUsage = z.looseObject({
  inputTokens: Tokens,
  outputTokens: Tokens,
  cacheReadInputTokens: Tokens,
  cacheCreationInputTokens: Tokens,
  cacheCreationEphemeral5mInputTokens: Tokens.optional(),
  cacheCreationEphemeral1hInputTokens: Tokens.optional(),
  thinkingTokens: Tokens.optional(),
  costUSD: z.number().nonnegative().optional(),
  costBasis: z.string().optional(),
});
type ModelUsage = z.infer<typeof ModelUsage>;

const ResultEvent = z.looseObject({
  type: z.literal("result"),
  modelUsage: z.record(z.string(), ModelUsage).optional(),
  /** Newer versions have this. `modelUsage` counts the whole session, with earlier runs of it. */
  model_usage_since_last_result: z.record(z.string(), ModelUsage).optional(),
});

/**
 * Reads the captured output of `claude -p --output-format stream-json`. Only result events count:
 * assistant events repeat their usage for each content block and first guess the output. Without a
 * result event, as after SIGTERM, nothing is known.
 */
async function claudeReport({ capture }: ReportPlace): Promise<AgentReport> {
  const sinceLast: ModelUsage[] = [];
  let inSession: readonly ModelUsage[] = [];
  for await (const event of readEvents(capture, '"result"')) {
    const result = ResultEvent.safeParse(event);
    if (!result.success) continue;
    sinceLast.push(...Object.values(result.data.model_usage_since_last_result ?? {}));
    inSession = Object.values(result.data.modelUsage ?? {});
  }
  const models = sinceLast.length > 0 ? sinceLast : inSession;
  if (models.length === 0) return {};
  return { usage: sumUsage(models.map(usageOf)), ...costOf(models) };
}

function usageOf(model: ModelUsage): Usage {
  // Older versions do not report the two lifetimes; the client's default is five minutes.
  const written1h = model.cacheCreationEphemeral1hInputTokens ?? 0;
  const written5m =
    model.cacheCreationEphemeral5mInputTokens ?? model.cacheCreationInputTokens - written1h;
  return {
    input_uncached: model.inputTokens,
    cache_read: model.cacheReadInputTokens,
    cache_write_5m: Math.max(0, written5m),
    cache_write_1h: written1h,
    output: model.outputTokens,
    ...(model.thinkingTokens === undefined ? {} : { reasoning: model.thinkingTokens }),
    // The client does not report its number of requests.
    requests: 0,
  };
}

/** The client invents a price for a model that its list lacks; such a sum is worthless. */
function costOf(models: readonly ModelUsage[]): Pick<AgentReport, "costUsd"> {
  let costUsd = 0;
  for (const model of models) {
    if (model.costUSD === undefined || model.costBasis === "unknown") return {};
    costUsd += model.costUSD;
  }
  return { costUsd };
}

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

/**
 * Reads what Codex itself counted from its captured `--json` output. It counts only the main agent's
 * requests, because no event mentions a sub-agent. A turn reports the total of its thread, so the
 * last turn counts.
 */
async function codexReport({ capture }: ReportPlace): Promise<AgentReport> {
  let report: AgentReport = {};
  for await (const event of readEvents(capture, '"turn.completed"')) {
    const turn = TurnCompleted.safeParse(event);
    if (!turn.success) continue;
    const { usage } = turn.data;
    const { cached_input_tokens: read, cache_write_input_tokens: written } = usage;
    report = {
      usage: {
        input_uncached: Math.max(0, usage.input_tokens - read - written),
        cache_read: read,
        cache_write_5m: written,
        output: usage.output_tokens,
        reasoning: usage.reasoning_output_tokens,
        // The client does not report its number of requests.
        requests: 0,
      },
      isMainOnly: true,
    };
  }
  return report;
}
