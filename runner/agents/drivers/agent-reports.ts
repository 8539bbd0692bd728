import { z } from "zod";

import { sumUsage } from "../../../ledger/domain/usage.ts";
import { ClaudeModelUsage, usageOfClaudeModel } from "../../../ledger/sources/tokens/claude.ts";
import { CodexTokens, countsOfCodex } from "../../../ledger/sources/tokens/codex.ts";
import { inReader } from "../../platform/reader/in-reader.ts";
import type { AgentReport, ReportPlace } from "./driver.ts";
import { readEvents } from "./read-events.ts";
import { reportOfOpenai } from "./report-of-openai.ts";

export const readClaudeReport = inReader(import.meta.url, "claude", claudeReport);
export const readCodexReport = inReader(import.meta.url, "codex", codexReport);

const ResultEvent = z.looseObject({
  type: z.literal("result"),
  modelUsage: z.record(z.string(), ClaudeModelUsage).optional(),
  /** Newer versions have this. `modelUsage` counts the whole session, with earlier runs of it. */
  model_usage_since_last_result: z.record(z.string(), ClaudeModelUsage).optional(),
});

/**
 * Reads the captured output of `claude -p --output-format stream-json`. Only result events count:
 * assistant events repeat their usage for each content block and first guess the output. Without a
 * result event, as after SIGTERM, nothing is known.
 */
async function claudeReport({ capture }: ReportPlace): Promise<AgentReport> {
  const sinceLast: ClaudeModelUsage[] = [];
  let inSession: readonly ClaudeModelUsage[] = [];
  for await (const event of readEvents(capture, '"result"')) {
    const result = ResultEvent.safeParse(event);
    if (!result.success) continue;
    sinceLast.push(...Object.values(result.data.model_usage_since_last_result ?? {}));
    inSession = Object.values(result.data.modelUsage ?? {});
  }
  const models = sinceLast.length > 0 ? sinceLast : inSession;
  if (models.length === 0) return {};
  return { usage: sumUsage(models.map(usageOfClaudeModel)), ...costOf(models) };
}

/** The client invents a price for a model that its list lacks; such a sum is worthless. */
function costOf(models: readonly ClaudeModelUsage[]): Pick<AgentReport, "costUsd"> {
  let costUsd = 0;
  for (const model of models) {
    if (model.costUSD === undefined || model.costBasis === "unknown") return {};
    costUsd += model.costUSD;
  }
  return { costUsd };
}

const TurnCompleted = z.looseObject({ type: z.literal("turn.completed"), usage: CodexTokens });

/**
 * Reads what Codex itself counted from its captured `--json` output. It counts only the main agent's
 * requests, because no event mentions a sub-agent. A turn reports the total of its thread, so the
 * last turn counts.
 */
async function codexReport({ capture }: ReportPlace): Promise<AgentReport> {
  let last: CodexTokens | undefined;
  for await (const event of readEvents(capture, '"turn.completed"')) {
    last = TurnCompleted.safeParse(event).data?.usage ?? last;
  }
  if (last === undefined) return {};
  return { ...reportOfOpenai([countsOfCodex(last)]), isMainOnly: true };
}
