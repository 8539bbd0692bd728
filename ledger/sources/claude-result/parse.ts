import { z } from "zod";

import { parseJson } from "../../domain/parse-json.ts";
import { tokensIn } from "../../domain/token-basis.ts";
import {
  ClaudeModelUsage,
  providerOfModel,
  readClaudeUsage,
  usageOfClaudeModel,
} from "../tokens/claude.ts";
import { isFields } from "../tokens/counters.ts";
import {
  documentReader,
  EMPTY,
  problem,
  type UsageReading,
  type UsageSource,
} from "../usage-source.ts";

const ModelUsage = z.record(z.string(), ClaudeModelUsage);

const Result = z.looseObject({
  type: z.literal("result"),
  session_id: z.string(),
  uuid: z.string().optional(),
  usage: z
    .custom((said) => readClaudeUsage(said) !== undefined, "Expected whole numbers of tokens")
    .transform(readClaudeUsage)
    .optional(),
  /** 0 for a run that asked no model, such as one with a wrong key. */
  duration_api_ms: z.number().optional(),
  modelUsage: ModelUsage.optional(),
  model_usage_since_last_result: ModelUsage.optional(),
});

/**
 * What `claude -p --output-format json` or `stream-json` prints: the `result` of each invocation. Its own
 * `usage` leaves sub-agents out and is zero after an interrupt, and `modelUsage` continues over a resumed
 * session, so that `model_usage_since_last_result` counts, else the growth of `modelUsage`, else `usage`.
 */
export const claudeResult: UsageSource = {
  name: "claude-result",
  version: "4",
  provider: "claude",
  names: ["*.json", "*.jsonl"],
  open() {
    let isBlank = true;
    let isStream = false;
    let documentAt: number | undefined;
    const whole = documentReader((text) => readDocument(text, documentAt ?? 1));
    return {
      line(text, number) {
        if (documentAt !== undefined) return whole.line(text, number);
        if (text.trim() === "") return [];
        isBlank = false;
        // `json` is one document, `stream-json` a line each; a document may also be spread over lines.
        isStream ||= parseJson(text) !== undefined;
        if (isStream || !DOCUMENT_START.test(text)) return readText(text, number);
        documentAt = number;
        return whole.line(text, number);
      },
      end() {
        if (isBlank) return [EMPTY];
        return documentAt === undefined ? [] : whole.end();
      },
    };
  },
};

const DOCUMENT_START = /^\s*[[{]/u;

/** A document, or else the lines of a stream that begins with something like one. */
function readDocument(text: string, first: number): readonly UsageReading[] {
  const value = parseJson(text);
  if (value !== undefined) return readValue(value, first);
  const lines = text.split("\n");
  return lines.some((line) => isFields(parseJson(line)))
    ? lines.flatMap((line, index) => (line.trim() === "" ? [] : readText(line, first + index)))
    : [problem(first, "not-json", "Expected JSON, or a line of JSON each.")];
}

function readText(text: string, number: number): readonly UsageReading[] {
  const value = parseJson(text);
  return value === undefined
    ? [problem(number, "not-json", "Expected a line of JSON.")]
    : readValue(value, number);
}

function readValue(value: unknown, number: number): readonly UsageReading[] {
  return (Array.isArray(value) ? value : [value]).flatMap((one) => readResult(one, number));
}

function readResult(value: unknown, number: number): readonly UsageReading[] {
  if (!z.looseObject({ type: z.literal("result") }).safeParse(value).success) return [];
  const result = Result.safeParse(value);
  if (!result.success) {
    return [problem(number, "bad-result", `Expected a result: ${z.prettifyError(result.error)}`)];
  }
  const {
    session_id: session,
    uuid,
    usage,
    modelUsage,
    model_usage_since_last_result: since,
    duration_api_ms: apiMs,
  } = result.data;
  const place = { at: null, lane: "all" } as const;
  if (since !== undefined && uuid !== undefined) {
    return Object.entries(since).map(([model, said]) => ({
      kind: "event",
      session,
      ...providerOfModel(model),
      event: {
        id: `${uuid}:${model}`,
        ...place,
        model,
        usage: usageOfClaudeModel(said),
        ...costOf(said, model),
      },
    }));
  }
  if (modelUsage !== undefined && Object.keys(modelUsage).length > 0) {
    return Object.entries(modelUsage).map(([model, said]) => ({
      kind: "total",
      session,
      ...providerOfModel(model),
      key: `${session}:${model}`,
      total: usageOfClaudeModel(said),
      ...costOf(said, model),
      first: "counts",
      onlyGrows: true,
      event: { ...place, model },
    }));
  }
  if (usage === undefined) {
    return [problem(number, "no-usage", "Expected usage or modelUsage, got neither.")];
  }
  if (uuid === undefined) {
    return [problem(number, "no-uuid", "Expected uuid, by which repeated results are known.")];
  }
  if (tokensIn("all", usage) === 0) {
    return apiMs === 0 ? [] : [problem(number, "no-usage", NO_TOKENS)];
  }
  const event = { id: uuid, ...place, lane: "main" as const, model: null, usage };
  return [{ kind: "event", session, event }];
}

const NO_TOKENS =
  "The run states no tokens, as after an interrupt. Its session log has them: experiment ingest claude-session ~/.claude/projects";

/** Claude Code knows Claude's prices only. */
function costOf({ costUSD, costBasis }: ClaudeModelUsage, model: string) {
  const isGuess = costBasis === "unknown" || providerOfModel(model).provider !== undefined;
  return costUSD === undefined || isGuess ? {} : { cost_usd: costUSD };
}
