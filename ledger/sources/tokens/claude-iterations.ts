import { hasTokens, sumUsage, type Usage, USAGE_COUNTERS } from "../../domain/usage.ts";
import { readClaudeOutput, readClaudePrompt, usageOfClaudeCounts } from "./claude.ts";
import { member } from "./counters.ts";

/** The tokens of one model within an answer. */
export interface ModelPart {
  /** Null if the answer does not name it: then it is the answer's own. */
  readonly model: string | null;
  readonly usage: Usage;
}

/** A message may be made in several steps. Their sum may be more than the answer states as a whole. */
const MESSAGE = "message";
/** Another model answered instead. The answer states which of both is billed. */
const FALLBACK = "fallback_message";

/**
 * The tokens of an answer by model, the answer's own first. The usage that Claude's API states as a
 * whole leaves out what its server did besides: a compaction, or the advice of another model.
 * @param whole the usage that the answer states as a whole.
 * @param said the same as the answer has it, with its `iterations`.
 */
export function splitByModel(whole: Usage, said: unknown): readonly [ModelPart, ...ModelPart[]] {
  const steps = readSteps(said);
  const messages = steps.filter(({ kind }) => kind === MESSAGE);
  const isReplaced = steps.some(({ kind }) => kind === FALLBACK);
  const stated = isReplaced ? whole : larger(whole, sumUsage(messages.map(({ usage }) => usage)));
  const besides = steps.filter(({ kind }) => kind !== MESSAGE && kind !== FALLBACK);
  const own = besides.filter(({ model }) => model === null).map(({ usage }) => usage);
  return [
    { model: null, usage: { ...sumUsage([stated, ...own]), requests: whole.requests } },
    ...besides.flatMap(({ model, usage }) =>
      model === null || !hasTokens(usage) ? [] : [{ model, usage }],
    ),
  ];
}

/** The whole of an answer: its requests stay one. */
export function sumParts([own, ...others]: readonly [ModelPart, ...ModelPart[]]): Usage {
  const usages = [own, ...others].map(({ usage }) => usage);
  return { ...sumUsage(usages), requests: own.usage.requests };
}

function readSteps(said: unknown) {
  const iterations = member(said, "iterations");
  if (!Array.isArray(iterations)) return [];
  return iterations.map((step: unknown) => {
    const model = member(step, "model");
    const counts = { ...readClaudePrompt(step), ...readClaudeOutput(step) };
    return {
      kind: member(step, "type"),
      model: typeof model === "string" ? model : null,
      usage: usageOfClaudeCounts(counts, 0),
    };
  });
}

function larger(one: Usage, other: Usage): Usage {
  const usage: { -readonly [Key in keyof Usage]: Usage[Key] } = { requests: one.requests };
  for (const counter of USAGE_COUNTERS) {
    const [here, there] = [one[counter], other[counter]];
    if (here !== undefined || there !== undefined) usage[counter] = Math.max(here ?? 0, there ?? 0);
  }
  return usage;
}
