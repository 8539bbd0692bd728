import { open } from "node:fs/promises";

import { z } from "zod";

import { sumUsage, type Usage } from "../../ledger/domain/usage.ts";

/** What Claude Code itself says at its end: a figure to check the proxy's count against. */
export interface ClaudeReport {
  /** Of this run, sub-agents included. The client does not say how many requests it took: 0. */
  readonly usage?: Usage;
  /** Dollars by the client's own price list; absent where it doesn't know the model's price. */
  readonly costUsd?: number;
  readonly isError?: boolean;
  /** Tool calls that were denied; a run in which all were still ends with exit code 0. */
  readonly permissionDenials: number;
  readonly sessionId?: string;
  readonly terminalReason?: string;
}

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
  session_id: z.string().optional(),
  is_error: z.boolean().optional(),
  terminal_reason: z.string().optional(),
  permission_denials: z.array(z.unknown()).default([]),
  modelUsage: z.record(z.string(), ModelUsage).optional(),
  /** In newer versions; `modelUsage` counts the whole session, which a resumed one began earlier. */
  model_usage_since_last_result: z.record(z.string(), ModelUsage).optional(),
});
type ResultEvent = z.infer<typeof ResultEvent>;

const BYTES_MAX = 256 * 1024 * 1024;

/**
 * Reads the captured output of `claude -p --output-format stream-json`. Lines that are no result
 * event are passed over: assistant events repeat their usage once per content block and hold a
 * first guess of the output, so that no sum of them is right. Without a result event, as after
 * SIGTERM, nothing is known.
 */
export async function readClaudeReport(capture: string): Promise<ClaudeReport> {
  const results: ResultEvent[] = [];
  for await (const line of linesOf(capture)) {
    const result = parseResult(line);
    if (result !== undefined) results.push(result);
  }
  return summarize(results);
}

/** Of a capture that could not be written, there are none. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return;
  yield* file.readLines({ encoding: "utf8", end: BYTES_MAX - 1 });
}

function parseResult(line: string): ResultEvent | undefined {
  if (!line.startsWith("{") || !line.includes('"result"')) return undefined;
  try {
    return ResultEvent.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** A run has more than one result where messages were queued; the last one says how it ended. */
function summarize(results: readonly ResultEvent[]): ClaudeReport {
  const models = results.flatMap((result) =>
    Object.values(result.model_usage_since_last_result ?? {}),
  );
  const last = results.at(-1);
  const known = models.length > 0 ? models : Object.values(last?.modelUsage ?? {});
  const costUsd = costOf(known);
  return {
    permissionDenials: results.reduce((sum, result) => sum + result.permission_denials.length, 0),
    ...(known.length === 0 ? {} : { usage: sumUsage(known.map(usageOf)) }),
    ...(costUsd === undefined ? {} : { costUsd }),
    ...(last?.is_error === undefined ? {} : { isError: last.is_error }),
    ...(last?.session_id === undefined ? {} : { sessionId: last.session_id }),
    ...(last?.terminal_reason === undefined ? {} : { terminalReason: last.terminal_reason }),
  };
}

function usageOf(model: ModelUsage): Usage {
  // Older versions don't tell the two lifetimes apart; five minutes is the client's default.
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
    requests: 0,
  };
}

/** A model without a list price is counted at a made-up one, which says nothing. */
function costOf(models: readonly ModelUsage[]): number | undefined {
  let costUsd = 0;
  for (const model of models) {
    if (model.costUSD === undefined || model.costBasis === "unknown") return undefined;
    costUsd += model.costUSD;
  }
  return models.length === 0 ? undefined : costUsd;
}
